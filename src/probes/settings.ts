/** How single probes go about it: each has a key of its own, and its defaults where that is absent. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by probes
export interface ProbeSettings {}
