'use client';
import { useEffect, useRef, useState } from 'react';
import styles from './countdown.module.scss';
import { announcementBetween, formatRemaining, nextTickMs, urgencyOf } from './remaining-time';
import { type ClockReading, serverNowMs } from './server-clock';

interface Props {
  /** When it ends, by the server's clock; milliseconds since 1970. */
  endsAtMs: number;
  /** When it began: the bar is full then. */
  beganAtMs: number;
  clock: ClockReading;
  /** Called once for each end. */
  onEnd: () => void;
}

/** The time left to pay: seen by everybody, and said aloud at five minutes, at one, and at the end. */
export function Countdown({ endsAtMs, beganAtMs, clock, onEnd }: Props) {
  const { remainingMs, announcement } = useRemaining(endsAtMs, clock, onEnd);
  const share = Math.min(1, Math.max(0, remainingMs / Math.max(1, endsAtMs - beganAtMs)));
  return (
    <div className={styles.countdown} data-urgency={urgencyOf(remainingMs)}>
      <div className={styles.line}>
        <span className={styles.label} id="countdown-label">
          {remainingMs > 0 ? 'Held for you for' : 'The time to pay is over'}
        </span>
        <span className={styles.time} role="timer" aria-labelledby="countdown-label">
          {formatRemaining(remainingMs)}
        </span>
      </div>
      <svg className={styles.track} viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
        <rect className={styles.bar} width={Math.round(share * 1_000) / 10} height="1" />
      </svg>
      <span className="visually-hidden" aria-live="polite">
        {announcement}
      </span>
    </div>
  );
}

function useRemaining(endsAtMs: number, clock: ClockReading, onEnd: () => void) {
  // What the server rendered is also what the browser begins with.
  const [remainingMs, setRemainingMs] = useState(endsAtMs - clock.serverMs);
  const [announcement, setAnnouncement] = useState('');
  const lastMs = useRef(Number.POSITIVE_INFINITY);
  const end = useRef(onEnd);
  useEffect(() => {
    end.current = onEnd;
  });

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tick = () => {
      const leftMs = endsAtMs - serverNowMs(clock, performance.now());
      const sentence = announcementBetween(lastMs.current, leftMs);
      // Nothing was crossed by looking for the first time; an end is an end whenever it is seen.
      if (sentence && (lastMs.current !== Number.POSITIVE_INFINITY || leftMs <= 0)) setAnnouncement(sentence);
      const hasEnded = leftMs <= 0 && lastMs.current > 0;
      lastMs.current = leftMs;
      setRemainingMs(leftMs);
      if (hasEnded) end.current();
      if (leftMs > 0) timer = setTimeout(tick, nextTickMs(leftMs));
    };
    tick();
    return () => clearTimeout(timer);
  }, [endsAtMs, clock]);

  return { remainingMs, announcement };
}
