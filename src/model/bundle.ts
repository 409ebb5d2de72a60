/** One file of a support bundle. */
export interface BundleMember {
  readonly path: string;
  /** What is in it, in words. */
  readonly what: string;
  /** Where it comes from: the program that printed it, or the file it was read from. */
  readonly how: string;
  /** How long collecting took, in milliseconds. */
  readonly ms: number;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** Something that is not in the bundle, and why. */
export interface LeftOut {
  readonly what: string;
  readonly reason: string;
}

/** How much was replaced before anything was written. */
export interface Redactions {
  /** Places in which a secret, or what looks like one, stood. */
  readonly secrets: number;
  /** Distinct user names that have a token in their place. */
  readonly users: number;
  /** Distinct addresses that have another in their place; null where addresses were kept. */
  readonly addresses: number | null;
  /** Whether the same host gives the same tokens in its next bundle. */
  readonly stable: boolean;
}

/** The first file of every bundle. Keys are only ever added. */
export interface Manifest {
  readonly format: 'turnctl-bundle';
  readonly schemaVersion: 1;
  readonly tool: { readonly name: 'turnctl'; readonly version: string };
  readonly createdAt: string;
  readonly host: string;
  readonly members: readonly BundleMember[];
  readonly leftOut: readonly LeftOut[];
  readonly redactions: Redactions;
  /** The search of the finished archive: for how many secrets, planted ones among them, and that none was found. */
  readonly audit: { readonly secrets: number; readonly planted: number };
}

/** What a difference of two bundles is about; whatever stands earlier can cause what stands later. */
export const DIFFERENCE_AREAS = [
  'configuration',
  'version',
  'unit',
  'firewall',
  'certificate',
  'sysctl',
  'host',
  'service',
  'wire',
  'finding',
] as const;

/** One thing that is not the same in two bundles; null where one of them does not have it. */
export interface Difference {
  readonly area: (typeof DIFFERENCE_AREAS)[number];
  readonly what: string;
  readonly good: string | null;
  readonly bad: string | null;
}
