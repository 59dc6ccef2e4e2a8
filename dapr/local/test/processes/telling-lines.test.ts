import { LinesOfARun, tellingLines } from '../../src/processes/telling-lines';

describe('lines that tell why a program failed', () => {
  test.each([
    '{"level":50,"msg":"refused"}',
    '{"level":60,"msg":"cannot start"}',
    'time="2026-11-21T10:00:00Z" level=fatal msg="no components"',
    'TypeError: x is not a function',
    'panic: runtime error',
  ])('are %s rather than what was well', (error) => {
    const well = ['{"level":30,"msg":"started"}', 'level=info msg="an error: 0"', '{"level":40,"msg":"slow"}'];
    expect(tellingLines([...well, error, ...well])).toEqual([error]);
  });

  test('are the last ones where none is marked', () => {
    expect(tellingLines(['1', '2', '3'], 2)).toEqual(['2', '3']);
  });

  test('are those of the last run alone, what it wrote to stderr among them', () => {
    const lines = new LinesOfARun();
    lines.see('{"level":60,"msg":"of an older run"}', 'stdout');
    lines.begin();
    lines.see('started', 'stdout');
    expect(lines.telling()).toEqual(['started']);
    lines.see('    at main.js:1', 'stderr');
    lines.see('{"level":50}', 'stdout');
    expect(lines.telling()).toEqual(['    at main.js:1', '{"level":50}']);
  });
});
