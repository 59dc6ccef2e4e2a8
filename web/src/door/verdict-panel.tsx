import { DateTime } from '@/components/date-time';
import { type DoorAnswer, describeAnswer } from './describe-verdict';
import styles from './door.module.scss';

/** The verdict, large: told by words and a sign, not by colour alone. */
export function VerdictPanel({ answer }: { answer: DoorAnswer }) {
  const { tone, title, detail, at } = describeAnswer(answer);
  const ticket = answer.kind === 'checked' ? answer.check.ticket : null;
  return (
    <section className={styles.verdict} data-tone={tone}>
      <span className={styles.sign} aria-hidden="true">
        {signs[tone]}
      </span>
      <div>
        <h2>{title}</h2>
        <p>
          {detail} {at && <DateTime at={at} />}
        </p>
        {ticket && (
          <p className={styles.what}>
            <strong dir="auto">{ticket.title}</strong>
            {ticket.startsAt && <DateTime at={ticket.startsAt} />}
          </p>
        )}
      </div>
    </section>
  );
}

const signs = { good: '✓', bad: '✕', unknown: '?' } as const;
