import {type Flags} from './command.js';

/**
How a run is shown and kept.
*/
export const outputFlags = {
	answers: {
		type: 'boolean',
		meaning: "Print the members' answers too, each under its name.",
	},
	output: {
		type: 'string',
		short: 'o',
		value: 'FILE',
		meaning: 'Write the full result as JSON to a file.',
	},
	json: {type: 'boolean', meaning: 'Print the full result as JSON.'},
	events: {
		type: 'boolean',
		meaning: 'Print every event as a line of JSON, as it happens.',
	},
	raw: {type: 'boolean', meaning: "Print the arbiter's unparsed text."},
	verbose: {
		type: 'boolean',
		short: 'v',
		meaning: 'Tell confidence, iterations, dissent and cost after the answer.',
	},
	quiet: {type: 'boolean', short: 'q', meaning: 'Show no progress.'},
	noStdin: {type: 'boolean', meaning: 'Do not read standard input.'},
	noLog: {type: 'boolean', meaning: 'Keep nothing of this run in the log.'},
	dryRun: {
		type: 'boolean',
		meaning:
			'Show every call with its model, size and expected cost, and send nothing.',
	},
} as const satisfies Flags;
