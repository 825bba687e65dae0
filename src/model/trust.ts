// The certificate authorities that connections to a resource trust, as far as they can be compared.

export type Trust = {
  /** As it is declared. */
  readonly path: string;
  /** SHA-256 of the file. Not for people: whoever names a file of the runner's machine must learn nothing about what is in it. */
  readonly content: string;
};

/** An inventory, and what is trusted where it is connected to. */
export type TrustingInventory<Resource> = {
  readonly resources: readonly Resource[];
  /** By the name of the resource; those that trust Node's authorities are not there. */
  readonly trust: ReadonlyMap<string, Trust>;
};
