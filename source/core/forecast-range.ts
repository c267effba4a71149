import {parametersOf, type SavedConsortium} from './consortium.js';
import {voteIsOpen} from './forecast-condition.js';
import {type ForecastCall} from './forecast-listener.js';
import {sumOf, type ForecastSum} from './forecast-sum.js';
import {type Temper} from './forecast-stand-in.js';
import {tiersIn} from './strategies/tiers.js';

type Behaviour = Pick<Temper, 'finals' | 'contentFrom'>;

/**
A consortium changed so that it asks as few as it ever does: whoever is let go or not heard reviews nobody, and of fewer than three answers none is compared.
*/
export function leastOf(consortium: SavedConsortium): SavedConsortium {
	const {judging, strategies} = consortium;
	const isQuorum = parametersOf(consortium, 'quorum') !== undefined;
	const isNarrow =
		isQuorum || parametersOf(consortium, 'semantic') !== undefined;

	return {
		...consortium,
		judging: judging === 'peer' && isNarrow ? 'synthesis' : judging,
		strategies: strategies.filter(
			({name}) => !(isQuorum && name === 'semantic'),
		),
	};
}

/**
A consortium changed so that it asks as many as it ever does: no lead ends a first wave, and where votes decide, nobody is ranked and eliminated.
*/
export function mostOf(consortium: SavedConsortium): SavedConsortium {
	const isVoting = parametersOf(consortium, 'voting') !== undefined;

	return {
		...consortium,
		strategies: consortium.strategies.filter(
			({name}) => name !== 'adaptive' && !(isVoting && name === 'elimination'),
		),
	};
}

/**
The same without what narrows who is asked, from which can be chosen who is; null where nothing does.
*/
export function unnarrowed(
	consortium: SavedConsortium,
): SavedConsortium | null {
	const strategies = consortium.strategies.filter(
		({name}) => name !== 'adaptive' && name !== 'elimination',
	);

	return strategies.length === consortium.strategies.length
		? null
		: {...consortium, strategies};
}

/**
What may come of the answers where the fewest calls are made: prose or, where a vote can spare the arbiter, the same value; with tiers, whoever weighs may be content only after some of them, since a later tier can be the smaller one.
*/
export function shortBehaviours(
	consortium: SavedConsortium,
	whole: readonly SavedConsortium[],
): readonly Behaviour[] {
	const given = parametersOf(consortium, 'tiered');
	const tiers = given ? tiersIn(given['tiers'], consortium).length : 1;
	const isVoted = whole.some(
		each => parametersOf(each, 'voting') !== undefined,
	);
	const {minIterations} = consortium;

	return Array.from({length: Math.min(tiers, minIterations)}, (_, index) =>
		given ? index + 1 : Infinity,
	).flatMap(contentFrom => [
		{finals: 'none', contentFrom} as const,
		...(isVoted ? [{finals: 'same', contentFrom} as const] : []),
	]);
}

/**
The calls of which it is certain that they are made: where votes and rankings decide in turn, a vote may always spare the arbiter; and a consortium inside that is let go has asked its first, and no more.
*/
export function certainOf(
	calls: readonly ForecastCall[],
	whole: readonly SavedConsortium[],
): readonly ForecastCall[] {
	const names = (strategy: string) =>
		whole.some(each => parametersOf(each, strategy) !== undefined);
	const [isNarrowing, isImpatient] = [names('elimination'), names('quorum')];

	return calls.filter(
		({condition, purpose, innerIterations, speaker}) =>
			!(isNarrowing && condition === voteIsOpen) &&
			(!isImpatient ||
				innerIterations.length === 0 ||
				speaker.startsWith('arbiter#') ||
				(purpose === 'answer' && innerIterations.every(each => each === 1))),
	);
}

/**
What a run comes to in which fewer are asked than there are, whoever they are: in each iteration as many as in `narrow`, chosen from `whole` by `choose`, by their calls and by their costs.
*/
export function sumsOfChosen(
	narrow: readonly ForecastCall[],
	whole: readonly ForecastCall[],
	choose: 'least' | 'most',
): readonly ForecastSum[] {
	const sign = choose === 'least' ? 1 : -1;
	const figures = [
		(calls: readonly ForecastCall[]) => calls.length,
		(calls: readonly ForecastCall[]) => sumOf(calls).costUsd ?? 0,
	];
	const answersIn = (calls: readonly ForecastCall[], iteration: number) =>
		Map.groupBy(
			calls.filter(call => call.iteration === iteration && isOfAnswer(call)),
			({speaker}) => speaker.split(' → ', 1)[0],
		);
	const iterations = new Set(narrow.map(({iteration}) => iteration));

	return figures.map(figure =>
		sumOf(
			[...iterations].flatMap(iteration => {
				const count = answersIn(narrow, iteration).size;
				const chosen = answersIn(whole, iteration)
					.values()
					.toArray()
					.toSorted((one, other) => sign * (figure(one) - figure(other)))
					.slice(0, count);

				return [
					...chosen.flat(),
					...narrow.filter(
						call => call.iteration === iteration && !isOfAnswer(call),
					),
				];
			}),
		),
	);
}

/**
Whether a call belongs to an instance's answer, be it inside of a consortium.
*/
const isOfAnswer = ({speaker, purpose}: ForecastCall) =>
	(purpose === 'answer' || speaker.includes(' → ')) &&
	!speaker.startsWith('arbiter#');
