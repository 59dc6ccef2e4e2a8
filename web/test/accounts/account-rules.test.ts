import { emailProblem, newPasswordProblem, passwordLength } from '@/accounts/account-rules';
import openApi from '../../../docs/contracts/openapi.json';

describe('what an account takes', () => {
  test.each(['ada@example.com', ' ada@example.com '])('%j may be an address', (email) =>
    expect(emailProblem(email)).toBe(true),
  );

  test.each([undefined, '', 'ada', 'ada@example', 'ada @example.com', '@example.com'])('%j is no address', (email) =>
    expect(emailProblem(email)).toMatch(/^Give an e-mail address/),
  );

  test('a password has as many characters as the API takes', () => {
    const body = openApi.paths['/api/users/signup'].post.requestBody.content['application/json'].schema;
    expect(body.properties.password).toMatchObject({ minLength: passwordLength.min, maxLength: passwordLength.max });
  });

  test.each([
    [7, /at least 8/],
    [129, /at most 128/],
  ])('%i characters are refused', (length, problem) => expect(newPasswordProblem('x'.repeat(length))).toMatch(problem));

  test.each([8, 128])('%i characters are taken, as people count them', (length) =>
    expect(newPasswordProblem('𝄞'.repeat(length))).toBe(true),
  );
});
