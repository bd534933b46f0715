import { ANCHOR } from "./rrule-anchor.ts";
import { newBudget, ruleTimes } from "./rrule-rule.ts";
import { type RuleSet, readRrule } from "./rrule-text.ts";
import type { RruleSchedule, Window } from "./schedule.ts";
import type { Zone } from "./zone.ts";

const DAY = 86_400;

/** A recurrence rule's times: rules and dates, without the exceptions. Times in a DST fold count once, times in a DST gap are taken an hour
 *  earlier, as in dateutil. */
export function* rruleTimes(schedule: RruleSchedule, zone: Zone, { from, until }: Window): Generator<number> {
  // A margin of a day: no zone's offset is larger.
  const wall = { from: Math.floor(zone.wallAt(from)) - DAY, until: Math.ceil(zone.wallAt(until)) + DAY };
  for (const time of setTimes(readRrule(schedule.rrule), wall)) {
    const moment = zone.momentOf(time, { twice: "first", never: "back" });
    if (moment > until) return;
    yield moment;
  }
}

function* setTimes(set: RuleSet, window: Window): Generator<number> {
  const start = set.start?.seconds ?? ANCHOR;
  const budget = newBudget();
  const inWindow = (list: readonly { seconds: number }[]) =>
    list.map(({ seconds }) => seconds).filter((time) => time >= window.from && time <= window.until);
  const included = merge([
    ...set.rules.map((rule) => ruleTimes(rule, start, window, budget)),
    ascending(inWindow(set.dates)),
  ]);
  const excepted = merge([
    ...set.exceptions.map((rule) => ruleTimes(rule, start, window, budget)),
    ascending(inWindow(set.exceptionDates)),
  ]);
  let exception = excepted.next();
  for (const time of included) {
    while (!exception.done && exception.value < time) exception = excepted.next();
    if (exception.done || exception.value !== time) yield time;
  }
}

function* ascending(times: readonly number[]): Generator<number> {
  yield* [...times].sort((a, b) => a - b);
}

/** One ascending list, each time once, of several. */
function* merge(lists: readonly Generator<number>[]): Generator<number> {
  const heads = lists.map((list) => ({ list, next: list.next() }));
  for (;;) {
    const waiting = heads.filter(({ next }) => !next.done);
    if (waiting.length === 0) return;
    const time = Math.min(...waiting.map(({ next }) => next.value as number));
    yield time;
    for (const head of waiting) if (head.next.value === time) head.next = head.list.next();
  }
}
