import {closest} from '../closest.js';
import {
	instancesOf,
	type Instance,
	type SavedConsortium,
} from '../consortium.js';
import {fnv1a32} from '../random.js';
import {
	type Strategy,
	type StrategyContext,
	type StrategyKind,
} from '../strategy.js';
import {UserError} from '../user-error.js';
import {adaptive} from './adaptive.js';
import {baseStrategy} from './base.js';
import {defaultStrategy} from './default.js';
import {elimination} from './elimination.js';
import {quorum} from './quorum.js';
import {role} from './role.js';
import {tiered} from './tiered.js';
import {semantic} from './semantic.js';
import {voting} from './voting.js';
import {weighted} from './weighted.js';

/**
Every strategy there is, in the order they are listed.
*/
export const strategies: readonly StrategyKind[] = [
	defaultStrategy,
	voting,
	semantic,
	weighted,
	adaptive,
	elimination,
	tiered,
	quorum,
	role,
];

type Named = Pick<SavedConsortium, 'strategies'>;

/**
The kinds a consortium names, with what was given for their parameters, the outermost first.
*/
function kindsIn({
	strategies: named,
}: Named): Array<readonly [StrategyKind, Readonly<Record<string, unknown>>]> {
	return named.map(({name, params}) => [kindOf(name), params] as const);
}

/**
The strategy of that name.

@throws UserError when there is none.
*/
export function kindOf(name: string): StrategyKind {
	const kind = strategies.find(each => each.name === name);

	if (!kind) {
		const names = strategies.map(each => each.name);
		throw new UserError(
			`There is no strategy called "${name}".`,
			`Known: ${names.join(', ')}.${closest(name, names)}`,
		);
	}

	return kind;
}

/**
@throws UserError for no strategy, an unknown one, one that is named twice, two that decide the same thing, and parameters that are not allowed.
*/
export function assertStrategies(consortium: SavedConsortium): void {
	const kinds = kindsIn(consortium);

	if (kinds.length === 0) {
		throw new UserError(
			'A consortium has a strategy.',
			'Name one with --strategy, such as default.',
		);
	}

	for (const [index, [kind, given]] of kinds.entries()) {
		const rival = kinds
			.slice(0, index)
			.map(([each]) => each)
			.find(
				each =>
					each === kind ||
					each.decides.some(aspect => kind.decides.includes(aspect)),
			);

		if (rival === kind) {
			throw new UserError(`The strategy "${kind.name}" is named twice.`);
		}

		if (rival) {
			throw new UserError(
				`"${rival.name}" and "${kind.name}" cannot be combined: both decide ${kind.decides.find(aspect => rival.decides.includes(aspect))}.`,
				'Leave one of them out.',
			);
		}

		kind.check(given, consortium);
	}
}

/**
The strategy of a consortium: what it names, laid around the loop.
*/
export function strategyOf(context: StrategyContext): Strategy {
	const {consortium} = context;
	const named = kindsIn(consortium).filter(
		([kind]) => kind !== defaultStrategy,
	);
	// Who waits must know for how many, so it stands outside all others.
	const layers = named.toSorted(
		([left], [right]) => patience(right) - patience(left),
	);
	const whole = layers.reduceRight<Strategy>(
		(inner, [kind, given]) => ({
			name: kind.name,
			next: kind.wrap(inner, context, given),
		}),
		baseStrategy(context),
	);

	return {
		...whole,
		name: named.map(([{name}]) => name).join(',') || defaultStrategy.name,
	};
}

const patience = ({decides}: StrategyKind) =>
	Number(decides.includes('patience'));

/**
The instances of a consortium as its strategies want them in a conversation.
*/
export function assigned(
	consortium: SavedConsortium,
	conversationId: string,
): Instance[] {
	const seed = fnv1a32(conversationId);

	return [
		...kindsIn(consortium).reduce<readonly Instance[]>(
			(all, [kind, given]) => kind.assign(all, {seed, given}),
			instancesOf(consortium),
		),
	];
}
