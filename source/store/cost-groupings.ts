/**
What the costs of calls can be put together by.
*/
export const costGroupings = [
	'day',
	'model',
	'conversation',
	'consortium',
	'instance',
	'run',
	'call',
] as const;

export type CostGrouping = (typeof costGroupings)[number];
