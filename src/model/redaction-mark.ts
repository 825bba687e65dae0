/** Stands wherever the redactor has masked something. */
export const redactionMark = "[redacted]";
