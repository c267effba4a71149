import {
	consortiumDefaults,
	type SavedConsortium,
} from '../../source/core/consortium.js';
import {type RunEvent} from '../../source/core/events.js';
import {type RunResult} from '../../source/core/result.js';
import {type Model} from '../../source/core/model.js';
import {runConsortium} from '../../source/core/run-consortium.js';
import {type RunOptions} from '../../source/core/run-options.js';
import {readTemplates} from '../../source/prompts.js';
import {stillWorld} from './world.js';

export const templates = readTemplates(null);

type Cast = Readonly<Record<string, Model>>;

/**
A consortium of one instance for each member of the cast; the entry `arbiter` weighs.
*/
export function consortiumOf(
	cast: Cast,
	overrides: Partial<SavedConsortium> = {},
): SavedConsortium {
	return {
		...consortiumDefaults,
		name: 'test',
		members: Object.keys(cast)
			.filter(slot => slot !== 'arbiter')
			.map(slot => ({slot, model: slot, count: 1})),
		arbiters: [{model: 'arbiter'}],
		...overrides,
	};
}

export function optionsFor(
	cast: Cast,
	overrides: Partial<RunOptions> = {},
): RunOptions {
	return {
		models: new Map(Object.entries(cast)),
		templates,
		world: stillWorld(),
		signal: new AbortController().signal,
		...overrides,
	};
}

export type Played = {
	readonly events: RunEvent[];
	readonly result: RunResult;
};

/**
Let a cast play one question to its end.
*/
export async function play(
	cast: Cast,
	{
		prompt = 'Why?',
		consortium = {},
		onEvent,
		...options
	}: Partial<RunOptions> & {
		readonly prompt?: string;
		readonly consortium?: Partial<SavedConsortium>;
		readonly onEvent?: (event: RunEvent) => void;
	} = {},
): Promise<Played> {
	const events: RunEvent[] = [];
	const run = runConsortium(
		consortiumOf(cast, consortium),
		prompt,
		optionsFor(cast, options),
	);

	while (true) {
		const {done, value} = await run.next();

		if (done) {
			return {events, result: value};
		}

		events.push(value);
		onEvent?.(value);
	}
}

type VerdictParts = {
	readonly confidence?: number | string;
	readonly needsIteration?: boolean | string;
	readonly synthesis?: string;
	readonly areas?: readonly string[];
	readonly dissent?: string;
	readonly groups?: string;
	readonly ranking?: string;
};

/**
An arbiter's reply in the form it is asked for.
*/
export function verdictText({
	confidence = 0.9,
	needsIteration = false,
	synthesis = 'Because.',
	areas = [],
	dissent = '',
	groups = '',
	ranking = '',
}: VerdictParts = {}): string {
	return [
		'<analysis>They were weighed.</analysis>',
		`<dissent>${dissent}</dissent>`,
		`<groups>${groups}</groups>`,
		`<ranking>${ranking}</ranking>`,
		`<confidence>${confidence}</confidence>`,
		`<needs_iteration>${needsIteration}</needs_iteration>`,
		`<refinement_areas>${areas.map(area => `<area>${area}</area>`).join('')}</refinement_areas>`,
		`<synthesis>${synthesis}</synthesis>`,
	].join('\n');
}
