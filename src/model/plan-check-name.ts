/** Of the check run that a plan makes, and that a branch rule can require. @param environment the Action's input of that name. */
export function planCheckName(environment: string): string {
  return `rolewright plan (${environment})`;
}
