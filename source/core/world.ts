/**
What the core may ask of the world. Tests pass a clock that stands still and ids that count.
*/
export type World = {
	/**
	Milliseconds since the Unix epoch.
	*/
	readonly now: () => number;

	/**
	A new lower-case ULID.
	*/
	readonly newId: () => string;

	/**
	Resolves after `delayMs`, or at once when `signal` aborts; it never rejects.
	*/
	readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;

	/**
	From 0 up to 1.
	*/
	readonly random: () => number;
};
