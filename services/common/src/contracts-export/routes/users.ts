import { accountChangeBody, accountResource, currentUserAnswer, signInBody, signUpBody } from '../../contracts';
import { ada } from '../examples';
import { type HttpRoute, type RouteProblem, setsCookie } from '../http-route';

const tooManyAttempts: RouteProblem[] = [
  { status: 429, code: 'TooManyRequests', detail: 'Too many attempts. Try again in 90 seconds.', retryAfter: 90 },
  {
    status: 503,
    code: 'RateLimitsUnavailable',
    detail: 'We cannot do this right now. Try again in a moment.',
    retryAfter: 2,
  },
];
const emailInUse: RouteProblem = {
  status: 409,
  code: 'EmailInUse',
  detail: 'This e-mail address is in use. Sign in, or take another one.',
};
const password = 'correct horse battery staple';

export const userRoutes: HttpRoute[] = [
  {
    method: 'post',
    path: '/api/users/signup',
    service: 'auth',
    operationId: 'signUp',
    summary: 'Make an account and sign in',
    session: 'none',
    body: { schema: signUpBody, example: { email: ada.email, password } },
    answers: [
      {
        status: 201,
        description: 'The account; its session is in the cookie',
        schema: accountResource,
        example: ada,
        headers: setsCookie,
      },
    ],
    problems: [emailInUse, ...tooManyAttempts],
  },
  {
    method: 'post',
    path: '/api/users/signin',
    service: 'auth',
    operationId: 'signIn',
    summary: 'Sign in',
    session: 'none',
    body: { schema: signInBody, example: { email: ada.email, password } },
    answers: [
      {
        status: 200,
        description: 'The account; its session is in the cookie',
        schema: accountResource,
        example: ada,
        headers: setsCookie,
      },
    ],
    problems: [
      { status: 401, code: 'WrongCredentials', detail: 'E-mail address and password do not belong together.' },
      ...tooManyAttempts,
    ],
  },
  {
    method: 'post',
    path: '/api/users/signout',
    service: 'auth',
    operationId: 'signOut',
    summary: 'End the session, at every service',
    description: 'Who is not signed in is answered the same.',
    session: 'optional',
    answers: [
      { status: 204, description: 'The session is dead and the cookie cleared' },
      {
        status: 303,
        description:
          'For a form sent by a page: whoever rather takes `text/html` is led to the page that says that it is done, or, in place of 503, that it is not',
        headers: { Location: '`/signout`, or `/signout?failed=1` when sessions cannot be reached' },
      },
    ],
  },
  {
    method: 'get',
    path: '/api/users/currentuser',
    service: 'auth',
    operationId: 'showCurrentUser',
    summary: 'Who am I?',
    session: 'optional',
    answers: [
      {
        status: 200,
        description: 'The account, or null for who is not signed in',
        schema: currentUserAnswer,
        example: { currentUser: ada },
      },
    ],
  },
  {
    method: 'patch',
    path: '/api/users/currentuser',
    service: 'auth',
    operationId: 'changeCurrentUser',
    summary: 'Change e-mail address, password or both',
    description: 'A new password ends every other session of this account.',
    session: 'required',
    body: { schema: accountChangeBody, example: { email: 'countess@example.com', currentPassword: password } },
    answers: [
      {
        status: 200,
        description: 'The account as it is now; the cookie is issued anew',
        schema: accountResource,
        example: { ...ada, email: 'countess@example.com' },
        headers: setsCookie,
      },
    ],
    problems: [
      { status: 400, code: 'WrongCurrentPassword', detail: 'This is not your current password.' },
      emailInUse,
      {
        status: 409,
        code: 'ChangedMeanwhile',
        detail: 'Your account was changed at the same moment. Look at it and try again.',
      },
      ...tooManyAttempts,
    ],
  },
];
