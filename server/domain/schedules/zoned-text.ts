import { addSeconds, epochMicroseconds, type Timestamp } from "../../values/timestamp.ts";
import { zone } from "./zone.ts";

/** A moment as Python prints it in a time zone: `2026-11-21 15:09:49.387649-05:00`, without a fraction of zero. */
export function zonedText(time: Timestamp, zoneName: string): string {
  const moment = epochMicroseconds(time) / 1e6;
  const offset = Math.round(zone(zoneName).wallAt(moment) - moment);
  const shown = addSeconds(time, offset)
    .slice(0, -1)
    .replace("T", " ")
    .replace(/\.000000$/, "");
  const minutes = Math.abs(Math.trunc(offset / 60));
  const two = (value: number) => String(value).padStart(2, "0");
  return `${shown}${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
