/**
A model that tells how alike texts are by their meaning.
*/
export type Embedder = {
	/**
	What comparing these will about cost in US dollars; null when that is unknown.
	*/
	readonly priceOf: (texts: readonly string[]) => number | null;

	/**
	-1 to 1 for each two of them, or the problem in a sentence; and what it cost in US dollars, null when that is unknown. What the signal aborts is thrown.
	*/
	readonly compare: (
		texts: readonly string[],
		signal: AbortSignal,
	) => Promise<{
		readonly matrix: ReadonlyArray<readonly number[]>;
		readonly problem: string | null;
		readonly costUsd: number | null;
	}>;
};
