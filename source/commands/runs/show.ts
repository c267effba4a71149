import {recordOf, type RunRecord} from '../../output/run-record.js';
import {type RunEvent} from '../../core/events.js';
import {
	assertOwnRun,
	findFoundRun,
	showFoundRun,
} from '../../store/found-runs.js';
import {type Rating} from '../../store/ratings.js';
import {showRun, type LoggedRun, type RunSummary} from '../../store/runs.js';
import {plain} from '../../text/plain.js';
import {type Place} from '../command.js';
import {timelineOf} from '../run-timeline.js';
import {json, widthOf} from '../table.js';
import {withLog} from '../with-log.js';
import {foundRunLines} from './found-run-lines.js';
import {noLogYet} from './found.js';
import {withOwnKeys} from './own-keys.js';

/**
A run with all that is known of it: how it stands, its result, what its events come to, and the events.
*/
export type ShownRun = RunSummary &
	RunRecord & {
		readonly ratings: readonly Rating[];
		readonly events: readonly RunEvent[];
	};

/**
Tell a run from its question to its end.

@throws UserError when it is not there.
*/
export async function show(
	id: string,
	flags: {readonly json: boolean; readonly answers: boolean},
	place: Place,
): Promise<number> {
	const found = await withLog(place, log => {
		const foundId = findFoundRun(log, id);
		return foundId === null ? showRun(log, id) : showFoundRun(log, foundId);
	});

	if (found === null) {
		throw noLogYet();
	}

	const isOurs = 'picture' in found;

	if (flags.json) {
		place.stdout.write(json(isOurs ? shownRun(found) : withOwnKeys(found)));
	} else {
		const paper = {
			width: widthOf(place),
			isWhole: flags.answers,
			clean: place.stdout.isTTY ? plain : (text: string) => text,
		};
		const lines = isOurs
			? timelineOf(found, paper)
			: foundRunLines(found, paper);
		place.stdout.write(`${lines.join('\n')}\n`);
	}

	return 0;
}

/**
A run of ours, for exporting.

@throws UserError when it is not there or was imported.
*/
export async function findRun(id: string, place: Place): Promise<LoggedRun> {
	const run = await withLog(place, log => {
		assertOwnRun(log, id, 'exported');
		return showRun(log, id);
	});

	if (run === null) {
		throw noLogYet();
	}

	return run;
}

export function shownRun({
	summary,
	picture,
	events,
	ratings,
	earlier,
}: LoggedRun): ShownRun {
	return {
		...summary,
		...recordOf(picture, events, earlier),
		ratings,
		events,
	};
}
