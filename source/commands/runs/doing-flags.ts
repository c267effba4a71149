import {type Flags, type FlagValues} from '../command.js';
import {conversationFlags} from '../conversation-flags.js';
import {changeFlags} from '../consortium-flags.js';
import {outputFlags} from '../output-flags.js';

const {answers, output, json, events, raw, verbose, quiet} = outputFlags;
const {arbiter, judging, budget, timeout} = changeFlags;
const {noCacheMarkers, warmCache, trustCommands} = conversationFlags;

/**
The flags of those verbs of `runs` that call models.
*/
export const doingFlags = {
	budget: {...budget, meaning: 'What the run may cost in all, or none.'},
	timeout: {...timeout, meaning: 'Start nothing new after this, from now on.'},
	force: {
		type: 'boolean',
		meaning:
			'resume: also a run of which nobody can tell whether it still goes on, on another machine or in a process that is another program by now.',
	},
	arbiter: {
		...arbiter,
		meaning: 'rearbitrate: the model that weighs the answers this time.',
	},
	judging: {...judging, meaning: 'rearbitrate: how they are weighed.'},
	answers,
	output,
	json,
	events,
	raw,
	verbose,
	quiet,
	noCacheMarkers,
	warmCache,
	trustCommands,
} as const satisfies Flags;

export type DoingFlags = FlagValues<typeof doingFlags>;
