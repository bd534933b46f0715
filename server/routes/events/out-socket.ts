import type { PublishedEvent } from "../../domain/bus.ts";
import type { Context } from "../../domain/context.ts";
import { eventJson } from "../../domain/events/event.ts";
import { eventMatches } from "../../domain/events/match.ts";
import { FIRST_ISSUE_ONLY } from "../../http/request/validation-error.ts";
import type { Peer } from "../../sockets/peer.ts";
import { CLOSE_CODES, receiveObject, SocketClose, type SocketRoute } from "../../sockets/socket-route.ts";
import type { EventFilter } from "../../store/filters/events.ts";
import { eventsAfter } from "../../store/queries/events.ts";
import type { EventRow } from "../../store/tables/events.ts";
import { addSeconds } from "../../values/timestamp.ts";
import { eventFilterBody, toEventFilter, withBounds } from "./fields.ts";

/** Source: prefect/settings/models/server/events.py. */
const MAX_BACKFILL_SECONDS = 900;
const BACKFILL_PAGE = 250;
/** Most new events that are held back during the backfill. */
const MAX_HELD = 10_000;

/** Sends new events. The first message holds the filter; with `backfill` (the default) events of the last minutes come first, so that a
 *  client that reconnects misses none. */
export const eventsOutSocket: SocketRoute = {
  path: "/events/out",
  maxFrameBytes: 1024 * 1024,
  async handle(peer, _, context) {
    const message = await receiveObject(peer);
    if (message === undefined) return;
    if (message.type !== "filter") throw new SocketClose(CLOSE_CODES.protocolError, "Expected 'filter' message");
    const filter = readFilter(message.filter, context);
    const live = new LiveEvents(peer, filter);
    const stop = context.bus.subscribe("events", (events) => live.offer(events));
    try {
      if (message.backfill !== false) await backfill(peer, filter, context, live);
      live.release();
      // Runs after all earlier writes: from here on, no event comes twice.
      await context.events.record([]);
      live.forgetSent();
      // Further messages of the client are ignored.
      while ((await peer.receive()) !== undefined);
    } finally {
      stop();
    }
  },
};

function readFilter(raw: unknown, { clock }: Context): EventFilter {
  const result = eventFilterBody.safeParse(raw, FIRST_ISSUE_ONLY);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new SocketClose(
      CLOSE_CODES.protocolError,
      `Invalid filter: ${["filter", ...(issue?.path ?? [])].join(".")}: ${issue?.message}`,
    );
  }
  const now = clock.now();
  const filter = toEventFilter(withBounds(result.data, now));
  const earliest = addSeconds(now, -MAX_BACKFILL_SECONDS);
  const { since, until } = filter.occurred;
  return { ...filter, order: "ASC", occurred: { since: since > earliest ? since : earliest, until } };
}

async function backfill(peer: Peer, filter: EventFilter, { store }: Context, live: LiveEvents): Promise<void> {
  let last: EventRow | undefined;
  for (;;) {
    const rows = await eventsAfter(store.db, filter, last, BACKFILL_PAGE);
    for (const row of rows) {
      live.skip(row.id);
      await peer.sendAndWait(frame(eventJson(row)));
    }
    last = rows.at(-1);
    if (rows.length < BACKFILL_PAGE || peer.closed) return;
  }
}

function frame(event: string): string {
  return `{"type":"event","event":${event}}`;
}

/** New events: held back during the backfill, and not sent again if the backfill sent them. */
class LiveEvents {
  readonly #peer: Peer;
  readonly #filter: EventFilter;
  readonly #sent = new Set<string>();
  #held: PublishedEvent[] | undefined = [];

  constructor(peer: Peer, filter: EventFilter) {
    this.#peer = peer;
    this.#filter = filter;
  }

  offer(events: readonly PublishedEvent[]): void {
    for (const published of events) {
      if (!eventMatches(this.#filter, published.event)) continue;
      if (this.#held === undefined) this.#send(published);
      else if (this.#held.push(published) > MAX_HELD) this.#peer.terminate();
    }
  }

  skip(id: string): void {
    this.#sent.add(id);
  }

  forgetSent(): void {
    this.#sent.clear();
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const published of held) this.#send(published);
  }

  #send({ event, json }: PublishedEvent): void {
    if (!this.#sent.delete(event.id)) this.#peer.send(frame(json));
  }
}
