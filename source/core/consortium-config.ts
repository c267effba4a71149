import {
	choiceIn,
	jsonObjectIn,
	described,
	listIn,
	numberIn,
	objectWith,
	textIn,
} from './checks.js';
import {
	consortiumDefaults,
	judgingMethods,
	memoryModes,
	mostWeight,
	stopPolicies,
	type Arbiter,
	type Member,
	type SavedConsortium,
} from './consortium.js';
import {
	arbitersOf,
	membersOf,
	parseArbiterSpec,
	type MemberConfig,
} from './model-spec.js';
import {assertConsortium} from './assert-consortium.js';
import {UserError} from './user-error.js';

export const mostIterations = 1000;
export const longestTimeoutSeconds = 7 * 24 * 60 * 60;

/**
A consortium as a program writes it: what is left out has its default. A `SavedConsortium`, as it is saved, exported or shown, is one too.
*/
export type ConsortiumConfig = {
	/**
	Specs such as `gpt-6-luna:3` or `ollama/llama3.2?temperature=0.2`, and members spelt out. At most 64 instances of one, 256 of all.
	*/
	readonly members: ReadonlyArray<string | MemberConfig>;

	/**
	The spec of the model that weighs the answers. Without one, and without `arbiters`: the default model of the strongest vendor with a key, else the first member's.
	*/
	readonly arbiter?: string;

	/**
	The same, spelt out; several for judging by `panel`.
	*/
	readonly arbiters?: ReadonlyArray<string | Arbiter>;
	readonly v?: 1;

	/**
	Shown in results. Default: `unsaved`.
	*/
	readonly name?: string;

	/**
	Default: the strategy `default`, without parameters.
	*/
	readonly strategies?: ReadonlyArray<{
		readonly name: string;
		readonly params?: Readonly<Record<string, unknown>>;
	}>;

	/**
	How answers are weighed: `synthesis` (default), `rank`, `pick`, `panel` or `peer`.
	*/
	readonly judging?: SavedConsortium['judging'];

	/**
	What an instance is sent from its second call on: `reply` (default), `lean` or `rebuild`.
	*/
	readonly memory?: SavedConsortium['memory'];

	/**
	Conditions that end a run in the place of `stop`, when all hold: `contains:…`, `regex:…`, `agreement>=0.9`, `confidence>=0.9`, `command:…`.
	*/
	readonly until?: readonly string[];

	/**
	0 to 1. Default: 0.8.
	*/
	readonly confidenceThreshold?: number;

	/**
	From 1. Default: 1.
	*/
	readonly minIterations?: number;

	/**
	From 1. Default: 3.
	*/
	readonly maxIterations?: number;

	/**
	What ends a run: `any` (default; threshold reached or arbiter content), `both`, `confidence` or `arbiter`.
	*/
	readonly stop?: SavedConsortium['stop'];

	/**
	The members' system prompt; null, the default, for the built-in one.
	*/
	readonly system?: string | null;
	readonly limits?: {
		/**
		US dollars; null, the default, for no limit.
		*/
		readonly budgetUsd?: number | null;

		/**
		Nothing new is started after it. Default: 600.
		*/
		readonly timeoutSeconds?: number;
	};
};

const keys = [
	'members',
	'arbiter',
	'arbiters',
	'confidenceThreshold',
	'minIterations',
	'maxIterations',
	'stop',
	'until',
	'judging',
	'memory',
	'system',
	'limits',
	'strategies',
	'name',
	'v',
] as const satisfies ReadonlyArray<keyof ConsortiumConfig>;

const memberKeys = [
	'model',
	'count',
	'options',
	'system',
	'role',
	'weight',
	'slot',
] as const satisfies ReadonlyArray<keyof Member>;

/**
The consortium a program described, whole. Without an arbiter its list is empty: it is chosen when it runs.

@throws UserError for everything that is not allowed, naming it, and for what this version does not have.
*/
export function readConsortium(config: ConsortiumConfig): SavedConsortium {
	const given: Readonly<Record<string, unknown>> = {
		name: 'unsaved',
		...consortiumDefaults,
		...withoutUndefined(objectWith(config, 'A consortium', keys)),
	};

	if (given['v'] !== 1) {
		throw new UserError(
			`The consortium has the form v: ${described(given['v'])}, which this version does not know.`,
			'Update consortium-tui.',
		);
	}

	const read = <Value>(
		key: (typeof keys)[number],
		reader: (value: unknown, name: string) => Value,
	) => reader(given[key], key);
	const iterations = (value: unknown, name: string) =>
		numberIn(value, name, {from: 1, to: mostIterations, isWhole: true});

	const consortium: SavedConsortium = {
		v: 1,
		name: read('name', textIn),
		members: read('members', membersIn),
		arbiters: arbitersIn(given),
		strategies: read('strategies', strategiesIn),
		judging: read('judging', (...each) => choiceIn(...each, judgingMethods)),
		until: read('until', (value, name) =>
			listIn(value, name).map((each, index) =>
				textIn(each, `${name}[${index}]`),
			),
		),
		memory: read('memory', (...each) => choiceIn(...each, memoryModes)),
		stop: read('stop', (...each) => choiceIn(...each, stopPolicies)),
		confidenceThreshold: read('confidenceThreshold', (...each) =>
			numberIn(...each, {from: 0, to: 1}),
		),
		minIterations: read('minIterations', iterations),
		maxIterations: read('maxIterations', iterations),
		system: read('system', systemIn),
		limits: read('limits', limitsIn),
	};

	if (consortium.minIterations > consortium.maxIterations) {
		throw new UserError(
			`At least ${consortium.minIterations} iterations (minIterations) are more than at most ${consortium.maxIterations} (maxIterations).`,
		);
	}

	assertConsortium(consortium);
	return consortium;
}

const withoutUndefined = (given: Readonly<Record<string, unknown>>) =>
	Object.fromEntries(
		Object.entries(given).filter(([, value]) => value !== undefined),
	);

function membersIn(value: unknown, name: string): readonly Member[] {
	const entries = listIn(value, name);

	if (entries.length === 0) {
		throw new UserError(
			'A consortium needs at least one member.',
			"For example: members: ['gpt-6-luna:3']",
		);
	}

	return membersOf(
		entries.map((entry, index) => memberIn(entry, `${name}[${index}]`)),
		1,
	);
}

function memberIn(value: unknown, name: string): string | MemberConfig {
	if (typeof value === 'string') {
		return value;
	}

	const {model, count, slot, options, system, role, weight} = objectWith(
		value,
		name,
		memberKeys,
	);

	return {
		model: textIn(model, `${name}.model`),
		...(count !== undefined && {
			count: numberIn(count, `${name}.count`, {
				from: 1,
				to: 64,
				isWhole: true,
			}),
		}),
		...(slot !== undefined && {slot: textIn(slot, `${name}.slot`)}),
		...optionsIn(options, name),
		...(system !== undefined && {
			system: textIn(system, `${name}.system`, true),
		}),
		...(role !== undefined && {role: textIn(role, `${name}.role`)}),
		...(weight !== undefined && {
			weight: numberIn(weight, `${name}.weight`, {
				from: 0,
				to: mostWeight,
			}),
		}),
	};
}

function arbitersIn({
	arbiter,
	arbiters,
}: Readonly<Record<string, unknown>>): readonly Arbiter[] {
	if (arbiter !== undefined && arbiters !== undefined) {
		throw new UserError(
			'A consortium has arbiter or arbiters, not both.',
			"For example: arbiter: 'gpt-6.1-sol'",
		);
	}

	const list =
		arbiter === undefined
			? arbiters === undefined
				? []
				: listIn(arbiters, 'arbiters')
			: [textIn(arbiter, 'arbiter')];
	const specs = list.map((each, index) =>
		typeof each === 'string'
			? parseArbiterSpec(each)
			: {...arbiterIn(each, `arbiters[${index}]`), count: 1},
	);
	return specs.flatMap(each => arbitersOf(each));
}

function arbiterIn(value: unknown, name: string): Arbiter {
	const {model, options} = objectWith(value, name, ['model', 'options']);

	return {
		model: textIn(model, `${name}.model`),
		...optionsIn(options, name),
	};
}

const optionsIn = (value: unknown, owner: string) =>
	value === undefined ? {} : {options: jsonObjectIn(value, `${owner}.options`)};

function strategiesIn(
	value: unknown,
	name: string,
): SavedConsortium['strategies'] {
	return listIn(value, name).map((each, index) => {
		const entry = `${name}[${index}]`;
		const {name: kind, params: parameters = {}} = objectWith(each, entry, [
			'name',
			'params',
		]);

		return {
			name: textIn(kind, `${entry}.name`),
			params: objectWith(parameters, `${entry}.params`, null),
		};
	});
}

const systemIn = (value: unknown, name: string) =>
	value === null ? null : textIn(value, name, true);

function limitsIn(value: unknown, name: string): SavedConsortium['limits'] {
	const {budgetUsd, timeoutSeconds}: Readonly<Record<string, unknown>> = {
		...consortiumDefaults.limits,
		...withoutUndefined(
			objectWith(value, name, ['budgetUsd', 'timeoutSeconds']),
		),
	};

	return {
		budgetUsd:
			budgetUsd === null
				? null
				: numberIn(budgetUsd, `${name}.budgetUsd`, {above: 0, to: Infinity}),
		timeoutSeconds: numberIn(timeoutSeconds, `${name}.timeoutSeconds`, {
			above: 0,
			to: longestTimeoutSeconds,
		}),
	};
}
