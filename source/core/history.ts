import {type SavedConsortium} from './consortium.js';
import {nestedAs, noConsortiums, wholeOf, type Consortiums} from './nesting.js';

/**
The 10th, 50th and 90th percentile of what was seen.
*/
export type Spread = {
	readonly low: number;
	readonly likely: number;
	readonly high: number;
};

export type OutputHistory = {
	readonly model: string;
	readonly purpose: 'answer' | 'synthesis';

	/**
	How many calls it is taken from.
	*/
	readonly calls: number;

	/**
	Everything written, hidden reasoning included.
	*/
	readonly tokens: Spread;

	/**
	The text that came of it, which is what is sent on.
	*/
	readonly characters: Spread;
};

/**
What earlier runs tell of those to come.
*/
export type History = {
	/**
	Models that have never answered are missing.
	*/
	readonly outputs: readonly OutputHistory[];

	/**
	After how many iterations the latest runs of the consortium ended by themselves.
	*/
	readonly iterations: readonly number[];
};

/**
Whose history a forecast of a consortium asks for: its models and, of the consortiums inside of it, theirs.
*/
export function speakersOf(
	consortium: Pick<SavedConsortium, 'name' | 'members' | 'arbiters'>,
	consortiums: Consortiums = noConsortiums,
): Array<Pick<OutputHistory, 'model' | 'purpose'>> {
	const all = wholeOf(consortium, consortiums);

	return (
		[
			['members', 'answer'],
			['arbiters', 'synthesis'],
		] as const
	).flatMap(([key, purpose]) => {
		const names = all.flatMap(each =>
			each[key]
				.map(({model}) => model)
				.filter(model => !nestedAs(model, each, consortiums)),
		);
		return [...new Set(names)].map(model => ({model, purpose}));
	});
}

/**
Percentiles by nearest rank: each is one of the values, of which there is at least one.
*/
export function spreadOf(values: readonly number[]): Spread {
	const sorted = values.toSorted((left, right) => left - right);
	const percentile = (share: number) =>
		sorted[Math.ceil(share * sorted.length) - 1]!;

	return {
		low: percentile(0.1),
		likely: percentile(0.5),
		high: percentile(0.9),
	};
}
