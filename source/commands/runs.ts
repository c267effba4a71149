import {UserError} from '../core/user-error.js';
import {costText, shareText} from '../text/phrases.js';
import {plain} from '../text/plain.js';
import {listRuns, showRun, type RunSummary} from '../store/runs.js';
import {command, type FlagValues, type Place} from './command.js';
import {doingFlags} from './runs/doing-flags.js';
import {limitOf} from './flag-values.js';
import {timelineOf} from './run-timeline.js';
import {excerpt, json, minuteOf, table, widthOf} from './table.js';
import {withLog} from './with-log.js';
import {noWords, oneWord, verbOf} from './words.js';

const usage = ['runs [list] [-n N] [--json]', 'runs show ID [--json]'] as const;

const knownFlags = {
	count: {
		type: 'string',
		short: 'n',
		value: 'N',
		meaning: 'List the latest N, all with 0. Default: 20.',
	},
	...doingFlags,
	json: {type: 'boolean', meaning: 'Print JSON.'},
} as const;

type Call = {
	readonly input: readonly string[];
	readonly flags: FlagValues<typeof knownFlags>;
	readonly place: Place;
};

export const runs = command({
	usage,
	summary:
		'Look at runs: who answered what, what the arbiter said, how it ended, what it cost.',
	flags: knownFlags,
	examples: ['runs', 'runs -n 5', 'runs show 01ka3', 'runs show 01ka3 --json'],
	async run(call) {
		const {verb, rest} = verbOf(
			call.input,
			['list', 'show', 'resume', 'rearbitrate'],
			'runs',
		);

		if (verb === 'resume' || verb === 'rearbitrate') {
			const {resume} = await import('./runs/resume.js');
			const {rearbitrate} = await import('./runs/rearbitrate.js');

			return (verb === 'resume' ? resume : rearbitrate)(
				rest[0] ?? '',
				call.flags,
				call.place,
			);
		}

		return verb === 'list'
			? listLatest({...call, input: rest})
			: show({...call, input: rest});
	},
});

async function listLatest({input, flags, place}: Call): Promise<number> {
	noWords(input, usage[0]);
	const limit = limitOf(flags.count);
	const latest = await withLog(place, log => listRuns(log, {limit}));
	const oldestFirst = (latest ?? []).toReversed();

	if (flags.json) {
		place.stdout.write(json(oldestFirst));
	} else if (oldestFirst.length === 0) {
		place.stderr.write('Nothing is in the log yet.\n');
	} else {
		place.stdout.write(
			table(
				['id', 'time', 'ended', 'conf', 'prompt', 'consortium', 'cost'],
				oldestFirst.map(run => rowOf(run)),
				widthOf(place),
			),
		);
	}

	return 0;
}

/**
What tells most comes first: a narrow terminal cuts the rest.
*/
function rowOf(run: RunSummary): string[] {
	return [
		run.id,
		minuteOf(run.startedAt),
		run.status,
		run.confidence === null ? '?' : shareText(run.confidence),
		excerpt(run.prompt),
		run.consortium,
		run.simulated ? 'simulated' : costText(run.costUsd, run.costIsComplete),
	];
}

async function show({input, flags, place}: Call): Promise<number> {
	const id = oneWord(input, 'The id', usage[1]);
	const run = await withLog(place, log => showRun(log, id));

	if (run === null) {
		throw new UserError(`There is no log yet, so no run "${id}" in it.`);
	}

	if (flags.json) {
		place.stdout.write(json({...run.summary, result: run.picture.result}));
	} else {
		const clean = place.stdout.isTTY ? plain : (text: string) => text;
		place.stdout.write(
			timelineOf(run, {width: widthOf(place), clean}).join('\n') + '\n',
		);
	}

	return 0;
}
