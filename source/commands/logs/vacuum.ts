import {readdirSync} from 'node:fs';
import {basename, dirname} from 'node:path';
import {UserError} from '../../core/user-error.js';
import {type Log} from '../../store/log.js';
import {plain} from '../../text/plain.js';
import {createWorld} from '../../world.js';
import {confirm} from '../confirm.js';
import {withLog} from '../with-log.js';
import {noWords} from '../words.js';
import {count, megabytes} from './amounts.js';
import {inSteps} from './in-steps.js';
import {type LogsCall} from './logs-call.js';

/**
Give up for good what is deleted, and make the file small.
*/
export async function vacuum({
	input,
	flags,
	place,
	usage,
}: LogsCall): Promise<number> {
	noWords(input, usage);
	const code = await withLog(place, async log => {
		const {compact, emptyTrash, trashStatus} =
			await import('../../store/trash-vacuum.js');
		const now = Date.now();
		const {deletions, hidden, responses, bytes} = trashStatus(log, now);
		const isLosing = deletions + hidden > 0;

		if (
			isLosing &&
			!flags.force &&
			!(await confirm(
				place,
				`Give up ${count(responses, 'deleted answer')} for good? That frees about ${megabytes(bytes)}.`,
			))
		) {
			place.stderr.write('Nothing was given up.\n');
			return 0;
		}

		const before = sizeOf(log);

		const id = createWorld().newId();
		const {exitCode} = await inSteps(
			emptyTrash(log, {id, now}),
			place,
			'trash',
		);

		if (exitCode !== 0) {
			place.stdout.write(
				'Stopped. What was given up is lost; for the rest: the same command again.\n',
			);
			return exitCode;
		}

		const isGone = compacted(compact, log, isLosing);
		place.stdout.write(
			`${isLosing ? `Gave up ${count(responses, 'deleted answer')}. ` : 'The trash was empty. '}The log is ${megabytes(before - sizeOf(log))} smaller.\n`,
		);

		if (!isGone) {
			place.stderr.write(
				`Another program reads the log: some of what was deleted is beside it, in ${log.name}-wal, until that program ends.\n`,
			);
		}

		const copies = olderCopies(log);

		if (copies.length > 0) {
			place.stderr.write(
				`Copies beside the log still hold what was in it when they were made: ${copies.map(name => plain(name)).join(', ')}\n`,
			);
		}

		return 0;
	});

	if (code === null) {
		place.stderr.write('Nothing is in the log yet.\n');
	}

	return code ?? 0;
}

function compacted(
	compact: (log: Log) => boolean,
	log: Log,
	isEmptied: boolean,
): boolean {
	try {
		return compact(log);
	} catch (error) {
		throw error instanceof UserError && isEmptied
			? new UserError(
					`What was deleted is given up, but the file could not be made smaller. ${error.message}`,
					'Then try again: consortium-tui logs vacuum',
					{cause: error},
				)
			: error;
	}
}

function sizeOf(log: Log): number {
	return (
		Number(log.pragma('page_count', {simple: true})) *
		Number(log.pragma('page_size', {simple: true}))
	);
}

/**
The names of the copies that migrations and others made beside the log.
*/
function olderCopies(log: Log): string[] {
	return readdirSync(dirname(log.name))
		.filter(
			name =>
				name.startsWith(`${basename(log.name)}.`) && name.endsWith('.bak'),
		)
		.toSorted();
}
