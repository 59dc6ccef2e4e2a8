'use client';
import { type ChangeEvent, type FormEvent, useRef, useState } from 'react';
import { problemFrom } from '@/api/call';
import { newIdempotencyKey } from '@/api/new-idempotency-key';
import { SubmitButton } from '@/components/submit-button';
import { useAlive } from '@/forms/use-alive';
import { CameraScanner } from './camera-scanner';
import { checkETicket, type Showing } from './check-e-ticket';
import { type DoorAnswer, isUndecided } from './describe-verdict';
import styles from './door.module.scss';
import { qrCodeReader } from './read-qr-code';
import { VerdictPanel } from './verdict-panel';

/**
 * The seller's door: an e-ticket is scanned, typed, or read from a picture, and judged. One after the other: the next is
 * taken only when the verdict on the last was seen, so that a code that stays in the picture is not shown twice.
 */
export function DoorCheck() {
  const field = useRef<HTMLInputElement>(null);
  const next = useRef<HTMLButtonElement>(null);
  const alive = useAlive();
  const isAsking = useRef(false);
  /** Of a guest who was to be let in. */
  const unanswered = useRef<Showing>(undefined);
  const [isBusy, setBusy] = useState(false);
  const [isScanning, setScanning] = useState(false);
  const [note, setNote] = useState('');
  const [answer, setAnswer] = useState<DoorAnswer>();
  const [letIn, setLetIn] = useState(0);

  /** @returns whether the code was taken: while the last one is asked about or its verdict is shown, none is. */
  const check = (code: string, look: boolean): boolean => {
    if (isAsking.current || answer || code.trim() === '') return false;
    isAsking.current = true;
    void ask(code, look);
    return true;
  };

  const ask = async (code: string, look: boolean) => {
    setBusy(true);
    setNote('');
    // The same code again after no answer is the same showing: its guest is not told that it was used, by us. A look is
    // never that showing: under its key it would be told what the let-in was.
    const again = !look && unanswered.current?.code === code ? unanswered.current : undefined;
    const showing = again ?? { code, key: newIdempotencyKey() };
    if (!look) unanswered.current = showing;
    try {
      const checked = await checkETicket(showing, { look });
      if (!look) unanswered.current = undefined;
      if (checked.verdict === 'valid' && !look) setLetIn((count) => count + 1);
      setAnswer({ kind: 'checked', check: checked, look });
    } catch (error) {
      setAnswer({ kind: 'failed', problem: problemFrom(error) });
    } finally {
      isAsking.current = false;
      setBusy(false);
      requestAnimationFrame(() => next.current?.focus());
    }
  };

  const goOn = () => {
    if (field.current && answer && !isUndecided(answer)) field.current.value = '';
    setAnswer(undefined);
    requestAnimationFrame(() => field.current?.focus());
  };

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { submitter } = event.nativeEvent as SubmitEvent;
    check(field.current?.value ?? '', submitter?.getAttribute('value') === 'look');
  };

  const readPicture = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const [picture] = target.files ?? [];
    target.value = '';
    if (!picture) return;
    const code = await codeIn(picture);
    if (code === undefined) return setNote('There is no QR code to be read in this picture. Try a sharper one.');
    if (field.current) field.current.value = code;
    check(code, false);
  };

  return (
    <div className={styles.door}>
      <form className="panel" onSubmit={submit} hidden={answer !== undefined}>
        {/* Nobody is let in by a press that scripts did not see. */}
        <fieldset disabled={!alive}>
          {isScanning && (
            <CameraScanner
              onCode={(code) => check(code, false)}
              onFailure={(why) => {
                setScanning(false);
                setNote(why);
              }}
            />
          )}
          <div className={styles.ways}>
            <button
              type="button"
              className="btn btn-quiet"
              aria-pressed={isScanning}
              onClick={() => setScanning(!isScanning)}
            >
              {isScanning ? 'Stop the camera' : 'Scan with the camera'}
            </button>
            <label className="btn btn-quiet">
              Choose a picture
              <input
                className="visually-hidden"
                type="file"
                accept="image/*"
                onChange={(event) => void readPicture(event)}
              />
            </label>
          </div>
          <label className="form-label" htmlFor="e-ticket-code">
            Code of the e-ticket
          </label>
          <input
            ref={field}
            id="e-ticket-code"
            name="code"
            className={`form-control ${styles.code}`}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            maxLength={512}
            required
            aria-describedby="e-ticket-code-hint"
          />
          <p className="form-text" id="e-ticket-code-hint">
            Scan it with a hand-held scanner, paste it, or type what stands below the QR code. Spaces do not matter.
          </p>
          <p role="alert" className={note ? 'problem' : 'visually-hidden'}>
            {note}
          </p>
          <div className={styles.actions}>
            <SubmitButton className="btn-lg" pending={isBusy} pendingText="Checking…">
              Check and let in
            </SubmitButton>
            <button type="submit" value="look" className="btn btn-quiet" aria-disabled={isBusy || undefined}>
              Only look
            </button>
          </div>
        </fieldset>
      </form>
      <div role="status">{answer && <VerdictPanel answer={answer} />}</div>
      {answer && (
        <button ref={next} type="button" className={`btn btn-primary btn-lg ${styles.next}`} onClick={goOn}>
          {isUndecided(answer) ? 'Check it again' : 'Next guest'}
        </button>
      )}
      <p className={styles.count}>
        Let in from this page: <strong>{letIn}</strong>
      </p>
    </div>
  );
}

/** Nothing when it is no picture, or has no code in it. */
async function codeIn(picture: File): Promise<string | undefined> {
  const bitmap = await createImageBitmap(picture).catch((error: Error) => {
    if (error.name === 'InvalidStateError') return undefined;
    throw error;
  });
  if (!bitmap) return undefined;
  try {
    const read = await qrCodeReader();
    return await read(bitmap);
  } finally {
    bitmap.close();
  }
}
