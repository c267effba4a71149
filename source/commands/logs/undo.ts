import {UserError} from '../../core/user-error.js';
import {minuteOf} from '../table.js';
import {withLog} from '../with-log.js';
import {noWords} from '../words.js';
import {count} from './amounts.js';
import {inSteps} from './in-steps.js';
import {type LogsCall} from './logs-call.js';

/**
Put back what the latest deletion took.
*/
export async function undo({
	input,
	flags,
	place,
	usage,
}: LogsCall): Promise<number> {
	noWords(input, usage);
	const {undoInBatches} = await import('../../store/trash-undo.js');
	const undone = await withLog(place, async log =>
		inSteps(undoInBatches(log, flags.next), place, 'undo'),
	);

	if (undone && undone.exitCode !== 0) {
		place.stdout.write(
			`Stopped. Back so far: ${count(undone.rows, 'answer')}. For the rest: the same command again.\n`,
		);
		return undone.exitCode;
	}

	if (!undone?.value) {
		throw new UserError('There is no deletion to undo.');
	}

	const {what, responses, at, wasFinished, refusal} = undone.value;
	place.stdout.write(
		`Back again: ${what} (${count(responses, 'answer')}), deleted ${minuteOf(at)}${wasFinished ? '' : '; that deletion was cut off'}.\n`,
	);

	if (refusal) {
		throw new UserError(
			`A part of it stays deleted. ${refusal.message}`,
			'What is in the log stays as it is. To undo the deletion before it: consortium-tui logs undo --next',
			{cause: refusal.cause},
		);
	}

	return 0;
}
