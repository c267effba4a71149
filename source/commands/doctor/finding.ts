/**
One thing the doctor looked at.
*/
export type Finding = {
	readonly area: Area;
	readonly name: string;

	/**
	What is the case, for a person; never a key.
	*/
	readonly says: string;

	/**
	What to do about it; null when nothing is wrong.
	*/
	readonly remedy: string | null;
};

export const areas = [
	'versions',
	'terminal',
	'files',
	'configuration',
	'log',
	'keys',
	'servers',
] as const;

export type Area = (typeof areas)[number];

/**
Findings of one area. What is wrong is given with what to do about it.
*/
export function findingsOf(
	area: Area,
	found: ReadonlyArray<
		readonly [name: string, says: string, remedy?: string | null]
	>,
): Finding[] {
	return found.map(([name, says, remedy = null]) => ({
		area,
		name,
		says,
		remedy,
	}));
}
