// expires_at: an RFC 3339 date or date-time → the instant in UTC.
// https://www.rfc-editor.org/rfc/rfc3339#section-5.6

const dateTime = /^(\d{4})-(\d{2})-(\d{2})(?:[Tt](\d{2}):(\d{2}):(\d{2})(?:\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2}))?$/u;

/**
 * @returns `YYYY-MM-DDTHH:MM:SSZ`, or `null` for anything else. A date alone is the start of that day in UTC. Fractions of a second
 * are dropped, so that a password never lives longer than was written.
 */
export function readExpiry(text: string): string | null {
  const match = dateTime.exec(text);
  if (match === null) return null;
  const [, year = "", month = "", day = "", hour = "00", minute = "00", second = "00", zone = "Z"] = match;
  const local = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  // Date.UTC carries the 30th of February over into March, and takes the years 0 to 99 for 1900 and later.
  const written = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
  if (Number.isNaN(local) || format(local) !== written) return null;
  const offset = offsetMinutes(zone);
  if (offset === null) return null;
  const instant = format(local - offset * 60_000);
  return /^\d{4}-/u.test(instant) ? instant : null;
}

function format(instant: number): string {
  return new Date(instant).toISOString().replace(/\.\d{3}Z$/u, "Z");
}

function offsetMinutes(zone: string): number | null {
  if (zone.toUpperCase() === "Z") return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 23 || minutes > 59) return null;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}
