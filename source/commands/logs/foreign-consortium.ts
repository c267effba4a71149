import {
	consortiumDefaults,
	type JudgingMethod,
	type SavedConsortium,
} from '../../core/consortium.js';
import {
	mostIterations,
	type ConsortiumConfig,
} from '../../core/consortium-config.js';
import {parseModelSpec, specOf} from '../../core/model-spec.js';
import {UserError} from '../../core/user-error.js';
import {type SavedConfig} from '../../store/import/saved-configs.js';
import {plain} from '../../text/plain.js';
import {strangerIn} from '../consortium-file.js';
import {foreignParameters, numberIn} from './foreign-strategy.js';

export type ForeignConsortium = {
	readonly consortium: SavedConsortium;

	/**
	What of it is not taken over, or otherwise, a sentence each.
	*/
	readonly notes: readonly string[];
};

type Given = Readonly<Record<string, unknown>>;
type Note = (sentence: string) => void;

const mostOfOne = 64;

/**
Keys with a meaning here, and those that only describe: the rest is told when something stands in it.
*/
const knownKeys: ReadonlySet<string> = new Set([
	'models',
	'system_prompt',
	'confidence_threshold',
	'max_iterations',
	'minimum_iterations',
	'arbiter',
	'strategy',
	'strategy_name',
	'strategy_params',
	'judging_method',
	'manual_context',
	// Only the strategy that compares answers does more with them than write them down.
	'embedding_backend',
	'embedding_model',
	'embedding_cache_enabled',
	'status',
	'created_at',
]);

/**
A consortium of the Python plug-in as one of ours, under a name that is allowed here. Its versions end a run and address the members in different ways; which one saved it is seen by its keys, and its way is kept. `aliases` are models by other names.

@throws UserError for what cannot be one of ours. Nothing a terminal would act on is repeated.
*/
export function foreignConsortium(
	{config}: SavedConfig,
	name: string,
	aliases: ReadonlyMap<string, string>,
): ForeignConsortium {
	const notes: string[] = [];
	const note: Note = sentence => {
		notes.push(sentence);
	};

	const modelOf = (model: string) => aliases.get(model) ?? model;
	const base: ConsortiumConfig = {
		v: 1,
		members: membersOf(config, modelOf, note),
		arbiters: arbitersOf(config, modelOf, note),
		confidenceThreshold: thresholdOf(config, note),
		...iterationsOf(config, note),
		...mannersOf(config),
		system: systemOf(config, note),
	};
	const judged = withWish(base, name, judgingWish(config), note);
	const consortium = withWish(
		judged,
		name,
		strategyWish(config, instancesIn(base), note),
		note,
	);
	const others = Object.keys(config)
		.filter(key => !knownKeys.has(key) && !isEmpty(config[key]))
		.map(key => shortened(key));

	if (others.length > 0) {
		note(`nothing here is like ${others.slice(0, 9).join(', ')}`);
	}

	return {consortium: strangerIn(consortium, name), notes};
}

/**
A text of a stranger in a sentence.
*/
export function shortened(text: string): string {
	const shown = plain(text).replaceAll(/\s+/g, ' ').trim();
	return shown.length > 60 ? `${shown.slice(0, 59)}…` : shown;
}

function membersOf(
	{models}: Given,
	modelOf: (model: string) => string,
	note: Note,
): Array<{readonly model: string; readonly count: number}> {
	if (typeof models !== 'object' || models === null || Array.isArray(models)) {
		throw new UserError('it names no models');
	}

	return Object.entries(models).flatMap(([id, given]) => {
		const model = namedModel(modelOf(id));
		const count = numberIn(given);

		if (count !== null && count < 1) {
			note(`${model} was asked ${count} times, and is left out`);
			return [];
		}

		if (count === null || !Number.isSafeInteger(count) || count > mostOfOne) {
			note(
				`${model} is asked ${count === null ? 'once' : `${mostOfOne} times at most`}`,
			);
		}

		return [{model, count: Math.min(Math.floor(count ?? 1), mostOfOne)}];
	});
}

/**
@throws UserError for a name that could not be written as one.
*/
function namedModel(model: string): string {
	const isSayable = () => {
		try {
			return parseModelSpec(specOf({model})).model === model;
		} catch {
			return false;
		}
	};

	if (!isSayable()) {
		throw new UserError('a model of it has a name that none has here');
	}

	return model;
}

function arbitersOf(
	{arbiter}: Given,
	modelOf: (model: string) => string,
	note: Note,
): ReadonlyArray<{readonly model: string}> {
	if (typeof arbiter === 'string' && arbiter.trim() !== '') {
		return [{model: namedModel(modelOf(arbiter.trim()))}];
	}

	note('it names no arbiter: one is chosen when it runs');
	return [];
}

function thresholdOf({confidence_threshold: given}: Given, note: Note): number {
	const number = numberIn(given);
	// A version took it in percent, too.
	const share = number !== null && number > 1 ? number / 100 : number;

	if (share !== null && share >= 0 && share <= 1) {
		return share;
	}

	if (given !== undefined && given !== null) {
		note('its threshold is no share of 1: the default one is taken');
	}

	return consortiumDefaults.confidenceThreshold;
}

function iterationsOf(
	config: Given,
	note: Note,
): {readonly minIterations: number; readonly maxIterations: number} {
	const countOf = (key: string, fallback: number) => {
		const number = numberIn(config[key]) ?? fallback;
		const count = Math.min(Math.max(Math.floor(number), 1), mostIterations);

		if (count !== number) {
			note(`${key} is taken as ${count}`);
		}

		return count;
	};

	const least = countOf('minimum_iterations', consortiumDefaults.minIterations);
	const most = countOf('max_iterations', consortiumDefaults.maxIterations);

	if (least <= most) {
		return {minIterations: least, maxIterations: most};
	}

	// The oldest version went on to the greater of both, the others ended at the maximum.
	const both = versionOf(config) === 'oldest' ? least : most;
	note(`it has ${both} iterations, as its minimum is above its maximum`);
	return {minIterations: both, maxIterations: both};
}

/**
Which kind of version of the plug-in saved it: before strategies, with the draft of them, and after it.
*/
function versionOf(config: Given): 'oldest' | 'draft' | 'newest' {
	return Object.hasOwn(config, 'strategy_name')
		? 'draft'
		: Object.hasOwn(config, 'strategy') ||
			  Object.hasOwn(config, 'judging_method')
			? 'newest'
			: 'oldest';
}

function mannersOf(config: Given): Pick<SavedConsortium, 'stop' | 'memory'> {
	const version = versionOf(config);

	return {
		stop: ({oldest: 'confidence', draft: 'any', newest: 'both'} as const)[
			version
		],
		// Only the newest goes on with the members' own conversations, unless told otherwise.
		memory:
			version === 'newest' && config['manual_context'] !== true
				? 'reply'
				: 'rebuild',
	};
}

function systemOf({system_prompt: system}: Given, note: Note): string | null {
	if (typeof system === 'string') {
		return system.trim() === '' ? null : system;
	}

	if (!isEmpty(system)) {
		note('its system prompt is no text: the built-in one is taken');
	}

	return null;
}

/**
Something that may be nothing here, and what to say then.
*/
type Wish = {
	readonly change: Partial<ConsortiumConfig>;
	readonly otherwise: string;
};

function judgingWish({judging_method: given}: Given): Wish | null {
	const method = lowered(given);

	return method === '' || method === 'default'
		? null
		: {
				change: {
					judging: (method === 'pick-one' ? 'pick' : method) as JudgingMethod,
				},
				otherwise: `judging ${shortened(method)} is none here: the arbiter writes a synthesis`,
			};
}

function strategyWish(
	config: Given,
	instances: number,
	note: Note,
): Wish | null {
	const name = lowered(config['strategy']) || lowered(config['strategy_name']);

	return name === '' || name === 'default'
		? null
		: {
				change: {
					strategies: [
						{
							name,
							params: foreignParameters(name, config, instances, note),
						},
					],
				},
				otherwise: `the strategy ${shortened(name)} is none here, or not with its parameters: all members are always asked`,
			};
}

const instancesIn = ({members}: ConsortiumConfig) =>
	members.reduce(
		(sum, member) =>
			sum + (typeof member === 'string' ? 1 : (member.count ?? 1)),
		0,
	);

/**
The same with what was wished, where it can be had.
*/
function withWish(
	config: ConsortiumConfig,
	name: string,
	wish: Wish | null,
	note: Note,
): ConsortiumConfig {
	if (wish === null) {
		return config;
	}

	// What is wrong otherwise is no matter of the wish.
	strangerIn(config, name);

	try {
		const wished = {...config, ...wish.change};
		strangerIn(wished, name);
		return wished;
	} catch (error) {
		if (!(error instanceof UserError)) {
			throw error;
		}

		note(wish.otherwise);
		return config;
	}
}

const lowered = (value: unknown) =>
	typeof value === 'string' ? value.trim().toLowerCase() : '';

function isEmpty(value: unknown): boolean {
	return (
		value === undefined ||
		value === null ||
		value === false ||
		value === '' ||
		(typeof value === 'object' && Object.keys(value).length === 0)
	);
}
