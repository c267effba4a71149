/**
What the loop says of a step in which nothing was decided.
*/
export const plainReasons = {
	everyone: 'Everyone is asked, without seeing the others.',
	feedback: 'The verdict does not end the run: everyone gets the feedback.',
	bothOrders: 'The answers were judged in both orders.',
	weighed: (heard: number, asked: number) =>
		`${heard} of ${asked} answers can be weighed.`,
	panel: (said: number, arbiters: number) =>
		`${said} of ${arbiters} arbiters gave a verdict.`,
} as const;

const constant: ReadonlySet<string> = new Set(
	Object.values(plainReasons).filter(each => typeof each === 'string'),
);
const figures =
	/^\d+ of \d+ (?:answers can be weighed|arbiters gave a verdict)\.$/v;

/**
Whether a reason tells of no decision of anybody's.
*/
export function isPlainReason(reason: string): boolean {
	return constant.has(reason) || figures.test(reason);
}

/**
What a strategy adds to the reason of the step it is laid around; it says all where nothing had been decided.
*/
export function withReason(reason: string, more: string): string {
	return isPlainReason(reason) ? more : `${reason} ${more}`;
}
