import {judgingMethods, type SavedConsortium} from '../core/consortium.js';
import {closest} from '../core/closest.js';
import {strategies} from '../core/strategies/known.js';
import {namesIn} from '../core/typed-values.js';
import {UserError} from '../core/user-error.js';
import {type Flags, type FlagValues} from './command.js';
import {choiceOf, pairsOf} from './flag-values.js';

/**
The flags that say how a consortium works.
*/
export const strategyFlags = {
	judging: {
		type: 'string',
		value: 'METHOD',
		choices: judgingMethods,
		meaning:
			'How answers are weighed: synthesis, rank, pick, panel (several arbiters), peer. Default: synthesis.',
	},
	strategy: {
		type: 'string',
		value: 'NAME,…',
		choices: strategies.map(({name}) => name),
		meaning:
			'How it is run, several joined by commas; see `consortium-tui strategies`.',
	},
	strategyParam: {
		type: 'string',
		isMultiple: true,
		value: 'K=V',
		meaning:
			'A parameter of a strategy, as in keep=0.5 or elimination.keep=0.5, read as JSON, else as text.',
	},
	role: {
		type: 'string',
		isMultiple: true,
		value: 'ROLE',
		meaning:
			'A role that is given out among the members, by name or in a sentence.',
	},
	until: {
		type: 'string',
		isMultiple: true,
		value: 'CONDITION',
		meaning:
			"Go on until the answer meets it: 'contains:…', 'regex:…', 'agreement>=0.9', 'confidence>=0.9', 'command:…'; none takes those back.",
	},
} as const satisfies Flags;

type StrategyFlags = FlagValues<typeof strategyFlags>;
type StrategyPart = Pick<SavedConsortium, 'strategies' | 'judging' | 'until'>;
type Named = SavedConsortium['strategies'][number];

/**
What flags change in how a consortium works.

@throws UserError for parameters that belong to no strategy, or to several, and for methods nobody knows.
*/
export function strategyPart(
	{judging, strategy, strategyParam, role, until}: StrategyFlags,
	base: StrategyPart,
): StrategyPart {
	const named =
		strategy === undefined
			? base.strategies
			: namesIn(strategy).map(name => ({
					name,
					params:
						base.strategies.find(each => each.name === name)?.params ?? {},
				}));

	return {
		strategies: withParameters(
			withRoles(named, role),
			pairsOf(strategyParam, '--strategy-param'),
		),
		judging: judgingFrom(judging, base.judging),
		until:
			until.length === 0 ? base.until : until.filter(each => each !== 'none'),
	};
}

export function judgingFrom(
	judging: string | undefined,
	base: SavedConsortium['judging'],
): SavedConsortium['judging'] {
	return judging === undefined
		? base
		: choiceOf(judging, '--judging', judgingMethods);
}

/**
Roles are given out by a strategy, which need not be named for that.
*/
function withRoles(
	named: readonly Named[],
	roles: readonly string[],
): readonly Named[] {
	if (roles.length === 0) {
		return named;
	}

	return named.some(({name}) => name === 'role')
		? named.map(each =>
				each.name === 'role'
					? {...each, params: {...each.params, roles}}
					: each,
			)
		: [
				{name: 'role', params: {roles}},
				...named.filter(({name}) => name !== 'default'),
			];
}

function withParameters(
	named: readonly Named[],
	given: Readonly<Record<string, unknown>>,
): readonly Named[] {
	return Object.entries(given).reduce<readonly Named[]>((all, [key, value]) => {
		const {owner, name} = ownerOf(all, key);

		return all.map(each =>
			each.name === owner
				? {...each, params: {...each.params, [name]: value}}
				: each,
		);
	}, named);
}

function namedOwner(
	named: readonly Named[],
	owner: string,
	key: string,
): string {
	const names = named.map(({name}) => name);

	if (names.includes(owner)) {
		return owner;
	}

	const known = strategies.map(({name}) => name);
	throw known.includes(owner)
		? new UserError(
				`The parameter "${key}" is one of the strategy "${owner}", which is not named.`,
				`Name it, as in --strategy ${[...names.filter(name => name !== 'default'), owner].join(',')}`,
			)
		: new UserError(
				`The parameter "${key}" is one of a strategy "${owner}", which there is not.`,
				`Named are: ${names.join(', ')}.${closest(owner, known)}`,
			);
}

/**
The strategy that a parameter belongs to: the one it names before a dot, or the only one that has it. What no strategy has is left to the first to complain about.

@throws UserError for a strategy that the consortium does not name, for what only such a one has, and for what several have.
*/
function ownerOf(
	named: readonly Named[],
	key: string,
): {readonly owner: string; readonly name: string} {
	const [prefix, rest] = key.split(/\.(?<name>.+)/v, 2);

	if (rest !== undefined) {
		return {owner: namedOwner(named, prefix!, key), name: rest};
	}

	const names = named.map(({name}) => name);
	const owners = names.filter(name =>
		strategies
			.find(each => each.name === name)
			?.parameters.some(parameter => parameter.name === key),
	);

	if (owners.length > 1) {
		throw new UserError(
			`The parameter "${key}" belongs to ${owners.join(' and ')}.`,
			`Write ${owners.map(owner => `${owner}.${key}=…`).join(' or ')}.`,
		);
	}

	const unnamed = strategies
		.filter(({parameters}) => parameters.some(({name}) => name === key))
		.map(({name}) => name);

	if (owners.length === 0 && unnamed.length > 0) {
		throw new UserError(
			`The parameter "${key}" is one of the ${unnamed.length === 1 ? 'strategy' : 'strategies'} ${unnamed.map(each => `"${each}"`).join(' and ')}, which ${unnamed.length === 1 ? 'is' : 'are'} not named.`,
			`Name it, as in --strategy ${[...names.filter(name => name !== 'default'), unnamed[0]!].join(',')}`,
		);
	}

	return {owner: owners[0] ?? names[0] ?? '', name: key};
}
