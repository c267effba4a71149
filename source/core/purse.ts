/**
Money that several runs share, such as what may be spent in a day.
*/
export type Purse = {
	/**
	Set money aside for a call before it is made, in US dollars.

	@returns why it cannot be, in a sentence; null when it was.
	*/
	readonly reserve: (callId: string, usd: number) => string | null;

	/**
	A call has ended and cost this much, which takes the place of what was set aside; null when nobody knows, so that this counts.
	*/
	readonly settle: (callId: string, usd: number | null) => void;
};
