'use client';
import { useEffect, useRef, useState } from 'react';
import { wait } from '@/tab/wait';
import styles from './door.module.scss';
import { qrCodeReader } from './read-qr-code';

interface Props {
  /**
   * Told each code once, though it stays in the picture; again when it was away meanwhile.
   * @returns whether it was taken: a code that was not is told again as long as it is in the picture
   */
  onCode: (code: string) => boolean;
  /** The camera cannot be used, and why. */
  onFailure: (why: string) => void;
}

const betweenLooksMs = 200;
/** Shorter than this is a hand that shakes. */
const awayMs = 2_000;

/** What the camera behind the phone sees, looked at several times a second as long as it is mounted. */
export function CameraScanner({ onCode, onFailure }: Props) {
  const video = useRef<HTMLVideoElement>(null);
  const [isReady, setReady] = useState(false);
  const told = useRef({ onCode, onFailure });
  told.current = { onCode, onFailure };

  useEffect(() => {
    const stopping = new AbortController();
    watch(
      video,
      stopping.signal,
      () => setReady(true),
      (code) => told.current.onCode(code),
    ).catch((error: Error) => {
      if (!stopping.signal.aborted) told.current.onFailure(reasonOf(error));
    });
    return () => stopping.abort();
  }, []);

  return (
    <div className={styles.camera}>
      <video ref={video} playsInline muted aria-label="What the camera sees" />
      <p className={styles.aim}>{isReady ? 'Hold the code into the picture.' : 'Starting the camera…'}</p>
    </div>
  );
}

async function watch(
  video: React.RefObject<HTMLVideoElement | null>,
  stopping: AbortSignal,
  onReady: () => void,
  onCode: Props['onCode'],
): Promise<void> {
  if (!navigator.mediaDevices) throw new Error('no camera over an address that is not https');
  const [stream, read] = await Promise.all([
    navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } }),
    qrCodeReader(),
  ]);
  const stop = () => {
    for (const track of stream.getTracks()) track.stop();
  };
  stopping.addEventListener('abort', stop, { once: true });
  const element = video.current;
  if (stopping.aborted || !element) return stop();
  element.srcObject = stream;
  await element.play();
  onReady();
  let seen = { code: '', atMs: 0 };
  while (!stopping.aborted) {
    const code = await read(element);
    if (stopping.aborted) return;
    const atMs = performance.now();
    const isKnown = code === seen.code && atMs - seen.atMs <= awayMs;
    if (code !== undefined && (isKnown || onCode(code))) seen = { code, atMs };
    await wait(betweenLooksMs);
  }
}

const reasons: Record<string, string> = {
  NotAllowedError: 'The browser does not let this page use the camera. Allow it, or type the code.',
  NotFoundError: 'This device has no camera. Type the code, or choose a picture of it.',
};

const reasonOf = ({ name }: Error): string =>
  reasons[name] ?? 'The camera cannot be used here. Type the code, or choose a picture of it.';
