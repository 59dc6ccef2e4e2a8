'use client';
import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useRef, useState } from 'react';
import { problemFrom } from '@/api/call';
import { newIdempotencyKey } from '@/api/new-idempotency-key';
import { listingPath, orderPath, signInPath, ticketPath } from '@/api/paths';
import type { Problem } from '@/api/problem';
import { Money } from '@/components/money';
import { PageLink } from '@/components/page-link';
import { ProblemAlert } from '@/components/problem-alert';
import { SubmitButton } from '@/components/submit-button';
import { buyTicket } from './buy-ticket';
import { type Seen, stateOf, type TicketState } from './ticket-state';
import { useTicket } from './use-ticket';
import { rememberWanted, takeWanted } from './wanted-ticket';

interface Props {
  initial: Seen;
  /** Nothing for somebody who is not signed in, or when that is not known. */
  visitorId: string | undefined;
  /** How long the ticket is held, in words. */
  holdTime: string;
  /** The visitor comes back from signing in: go on with what they pressed. */
  comesBack: boolean;
}

/** The stub: the price, what the ticket is now, and the button that buys it. */
export function TicketDesk({ initial, visitorId, holdTime, comesBack }: Props) {
  const router = useRouter();
  const { seen, learn } = useTicket(initial, visitorId);
  const { id, price } = seen.ticket;
  const [underWay, setUnderWay] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const busy = useRef(false);
  const isHere = useRef(true);
  const latest = useRef({ learn, router });
  latest.current = { learn, router };

  const buy = useCallback(
    async (seenPrice: number, key: string) => {
      if (busy.current) return;
      busy.current = true;
      setProblem(undefined);
      setUnderWay('Holding it for you…');
      try {
        const onWaiting = (seconds: number) => setUnderWay(`Busy; trying again in ${seconds} s…`);
        const isStillWanted = () => isHere.current;
        const order = await buyTicket({ ticketId: id, price: seenPrice, key }, { onWaiting, isStillWanted });
        // Stays under way: the order's page is coming. Whoever is elsewhere by now is left there.
        if (isHere.current) return latest.current.router.push(orderPath(order.id));
      } catch (error) {
        const refusal = problemFrom(error);
        if (refusal.status === 401 && isHere.current) {
          rememberWanted({ ticketId: id, price: seenPrice, key });
          latest.current.router.push(signInPath(`${ticketPath(id)}?buy=1`));
          return;
        }
        latest.current.learn(refusal);
        setProblem(refusal);
      }
      busy.current = false;
      setUnderWay('');
    },
    [id],
  );

  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);

  useEffect(() => {
    if (!comesBack) return;
    // Without `buy`, so that a reload is a reload.
    window.history.replaceState(null, '', ticketPath(id));
    const wanted = takeWanted(id);
    if (wanted && visitorId !== undefined) void buy(wanted.price, wanted.key);
  }, [comesBack, id, visitorId, buy]);

  const state = stateOf(seen, visitorId);
  // Who buys is told of their own hold, too: until the answer says whose it is, nothing comes to stand in the button's
  // place, where the second click of two would meet it.
  const canBuy = state === 'forSale' || (underWay !== '' && state !== 'mineHeld' && state !== 'mineBought');
  return (
    <div className="ticket-desk">
      <p className="ticket-price">
        <Money cents={price} />
      </p>
      <div role="status">
        {underWay ? <p className="mb-0">{underWay}</p> : <p className="mb-0">{lineOf(state, holdTime)}</p>}
      </div>
      {canBuy ? (
        <SubmitButton
          type="button"
          size="lg"
          className="needs-script"
          pending={underWay !== ''}
          pendingText="One moment…"
          onClick={() => void buy(price, newIdempotencyKey())}
        >
          {problem?.code === 'PriceChanged' ? (
            <>
              Buy for <Money cents={price} />
            </>
          ) : (
            'Buy this ticket'
          )}
        </SubmitButton>
      ) : (
        <WayOn state={state} seen={seen} />
      )}
      <ProblemAlert problem={problem}>
        <ProblemWayOn problem={problem} />
      </ProblemAlert>
      {state === 'forSale' ? (
        <noscript>
          <p className="mb-0">Buying needs JavaScript: the ticket is held and the card is checked while you look.</p>
        </noscript>
      ) : null}
    </div>
  );
}

const lineOf = (state: TicketState, holdTime: string): string =>
  state === 'forSale' ? `Held for you for ${holdTime} once you press Buy.` : lines[state];

const lines: Record<Exclude<TicketState, 'forSale'>, string> = {
  own: 'This is your own listing.',
  mineHeld: 'It is held for you.',
  mineBought: 'You have bought this ticket.',
  held: 'Somebody is buying this ticket. If they do not pay in time, it is for sale again, and you will see it here.',
  sold: 'This ticket is sold.',
  begun: 'The event has begun: its tickets are no longer for sale.',
  gone: 'Its seller has taken this ticket down.',
};

function WayOn({ state, seen: { ticket, ownOrderId } }: { state: TicketState; seen: Seen }) {
  const [href, name] =
    state === 'own'
      ? [listingPath(ticket.id), 'Go to your listing']
      : state === 'mineHeld' && ownOrderId
        ? [orderPath(ownOrderId), 'Go on to pay']
        : state === 'mineBought' && ownOrderId
          ? [orderPath(ownOrderId), 'See your order']
          : ['/', 'Find another ticket'];
  return (
    <PageLink className="btn btn-primary btn-lg" href={href}>
      {name}
    </PageLink>
  );
}

function ProblemWayOn({ problem }: { problem: Problem | undefined }) {
  const [href, name] =
    problem?.code === 'AlreadyBought' && problem.orderId
      ? [orderPath(problem.orderId), 'See your order']
      : problem?.code === 'TicketTaken' ||
          problem?.code === 'TicketSold' ||
          problem?.code === 'EventBegun' ||
          problem?.status === 404
        ? ['/', 'Find another ticket']
        : [];
  if (!href) return null;
  return (
    <p className="mt-2 mb-0">
      <PageLink href={href}>{name}</PageLink>
    </p>
  );
}
