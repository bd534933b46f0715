import { secondsBetween } from "../../values/timestamp.ts";
import type { Ruling, Transition } from "./decide.ts";
import { withDetails } from "./state.ts";

/** Rules about the scheduled time, for flow runs and task runs. */

export function copyScheduledTime<T extends Transition>({ current, proposed }: T): Ruling<T> | undefined {
  if (current?.type !== "SCHEDULED" || proposed.type !== "PENDING") return undefined;
  if (proposed.state_details.scheduled_time !== null) return undefined;
  const change: Partial<Transition> = {
    proposed: withDetails(proposed, { scheduled_time: current.state_details.scheduled_time }),
  };
  return { kind: "amend", change: change as Partial<T> };
}

/** No run starts before its scheduled time, by this server's clock. */
export function waitForScheduledTime<T extends Transition>({ current, proposed, now }: T): Ruling<T> | undefined {
  if (current === null || proposed.type !== "RUNNING") return undefined;
  if (current.type !== "SCHEDULED" && current.type !== "PENDING") return undefined;
  const { scheduled_time } = current.state_details;
  if (scheduled_time === null) return undefined;
  const seconds = secondsBetween(now, scheduled_time);
  const whole = Math.floor(seconds);
  const delaySeconds = whole + (seconds - whole > 0.5 ? 1 : 0);
  if (delaySeconds <= 0) return undefined;
  return { kind: "wait", delaySeconds, reason: "Scheduled time is in the future" };
}
