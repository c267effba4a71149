import {type ModelOptions} from './model.js';
import {type Share} from './share.js';

export const memoryModes = ['reply', 'lean', 'rebuild'] as const;
export type MemoryMode = (typeof memoryModes)[number];

export const stopPolicies = ['any', 'both', 'confidence', 'arbiter'] as const;
export type StopPolicy = (typeof stopPolicies)[number];

export const judgingMethods = [
	'synthesis',
	'rank',
	'pick',
	'panel',
	'peer',
] as const;
export type JudgingMethod = (typeof judgingMethods)[number];

/**
One entry of a consortium. `slot` is stable: removing another member renames nothing.
*/
export type Member = {
	readonly slot: string;
	readonly model: string;
	readonly count: number;
	readonly options?: ModelOptions;
	readonly system?: string;
	readonly role?: string;
	readonly weight?: number;
};

/**
More than this nobody's word counts, 1 being normal.
*/
export const mostWeight = 1000;

export type Arbiter = {
	readonly model: string;
	readonly options?: ModelOptions;
};

/**
A set-up as it is saved, exported and shown in every result.
*/
export type SavedConsortium = {
	readonly v: 1;
	readonly name: string;
	readonly members: readonly Member[];
	readonly arbiters: readonly Arbiter[];
	readonly strategies: ReadonlyArray<{
		readonly name: string;
		readonly params: Readonly<Record<string, unknown>>;
	}>;
	readonly judging: JudgingMethod;
	readonly memory: MemoryMode;

	readonly confidenceThreshold: Share;
	readonly minIterations: number;
	readonly maxIterations: number;
	readonly stop: StopPolicy;

	/**
	Conditions that end a run in the place of the stop policy, when all hold; `untilIn` reads them.
	*/
	readonly until: readonly string[];

	/**
	The members' system prompt; null for the built-in one.
	*/
	readonly system: string | null;
	readonly limits: {
		readonly budgetUsd: number | null;
		readonly timeoutSeconds: number;
	};
};

/**
What was given for the parameters of a strategy; undefined when it is not named.
*/
export function parametersOf(
	{strategies}: Pick<SavedConsortium, 'strategies'>,
	strategy: string,
): Readonly<Record<string, unknown>> | undefined {
	return strategies.find(({name}) => name === strategy)?.params;
}

/**
One running copy of a member. Its id is `slot#n`, counted from 1.
*/
export type Instance = {
	readonly id: string;
	readonly slot: string;
	readonly model: string;
	readonly options: ModelOptions;
	readonly system: string | null;

	/**
	The name of a role, or the text of one; null for none.
	*/
	readonly role: string | null;

	/**
	What it is told of its role, at the end of its system prompt; null until it is known.
	*/
	readonly roleText: string | null;

	/**
	What its word counts for, 1 being normal.
	*/
	readonly weight: number;
};

export const consortiumDefaults = {
	v: 1,
	strategies: [{name: 'default', params: {}}],
	judging: 'synthesis',
	memory: 'reply',
	confidenceThreshold: 0.8,
	minIterations: 1,
	maxIterations: 3,
	stop: 'any',
	until: [],
	system: null,
	limits: {budgetUsd: null, timeoutSeconds: 600},
} as const satisfies Omit<SavedConsortium, 'name' | 'members' | 'arbiters'>;

/**
Everyone who will answer, in the order of the configuration.
*/
export function instancesOf({members, system}: SavedConsortium): Instance[] {
	return members.flatMap(member =>
		Array.from({length: member.count}, (_, index) => ({
			id: `${member.slot}#${index + 1}`,
			slot: member.slot,
			model: member.model,
			options: member.options ?? {},
			system: member.system ?? system,
			role: member.role ?? null,
			roleText: null,
			weight: member.weight ?? 1,
		})),
	);
}
