import { Problem } from './problem';

const heading = '### Versions';

/** The changelog with a service's new version under "Unreleased": one line a service, the latest counts. */
export function noteVersion(changelog: string, name: string, version: string): string {
  const start = changelog.indexOf('## [Unreleased]');
  if (start < 0)
    throw new Problem('CHANGELOG.md has no heading "## [Unreleased]": put it back above the newest release.');
  const next = changelog.indexOf('\n## ', start + 1);
  const end = next < 0 ? changelog.length : next + 1;
  const section = changelog.slice(start, end).trimEnd();
  const line = `- ${name} ${version}`;
  return `${changelog.slice(0, start)}${withLine(section, name, line)}\n${next < 0 ? '' : '\n'}${changelog.slice(end)}`;
}

function withLine(section: string, name: string, line: string): string {
  const known = new RegExp(`^- ${name} \\d.*$`, 'm');
  if (!section.includes(heading)) return `${section}\n\n${heading}\n\n${line}`;
  const [before = '', rest = ''] = section.split(heading);
  if (known.test(rest)) return `${before}${heading}${rest.replace(known, line)}`;
  const [list = '', ...others] = rest.split(/(?=\n### )/);
  return `${before}${heading}${list.trimEnd()}\n${line}${others.length > 0 ? '\n' : ''}${others.join('')}`;
}
