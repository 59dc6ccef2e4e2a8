'use client';
import { useCallback, useEffect, useRef, useState } from 'react';
import { onAnnounce } from './announce';

const shownMs = 7_000;

/** Where announcements appear: a polite live region, there from the start so that screen readers know it. */
export function Announcements() {
  const [messages, setMessages] = useState<{ id: number; text: string }[]>([]);
  const nextId = useRef(0);
  const dismiss = useCallback((id: number) => setMessages((shown) => shown.filter((message) => message.id !== id)), []);
  useEffect(
    () =>
      onAnnounce((text) => {
        const id = nextId.current++;
        setMessages((shown) => [...shown.filter((message) => message.text !== text), { id, text }].slice(-3));
        setTimeout(() => dismiss(id), shownMs);
      }),
    [dismiss],
  );
  return (
    <div className="announcements" role="status" aria-live="polite">
      {messages.map(({ id, text }) => (
        <div className="announcement" key={id}>
          {text}
          <button type="button" onClick={() => dismiss(id)}>
            Dismiss
          </button>
        </div>
      ))}
    </div>
  );
}
