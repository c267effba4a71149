import {json, paragraph} from '../table.js';
import {many} from './backfill-tally.js';
import {type LogsCall} from './logs-call.js';

/**
Take back what was written to a log of llm.

@throws UserError when one of the files is not there, locked or damaged.
*/
export async function undoWritten(
	{flags, place: {stdout}}: LogsCall,
	undoFile: string,
): Promise<number> {
	const {takeBack} = await import('../../store/backfill/undo.js');
	const taken = await takeBack(undoFile);
	const {path, restored, leftAlone, columnsKept} = taken;
	const lines = [
		`${path}: ${many(restored, 'answer')} ${restored === 1 ? 'is' : 'are'} as before.`,
		...(leftAlone === 0
			? []
			: [
					`${many(leftAlone, 'answer')} left alone: changed since, or as before already.`,
				]),
		...(columnsKept.length === 0
			? []
			: [`Kept, since something else uses them: ${columnsKept.join(', ')}.`]),
	];
	stdout.write(
		flags.json
			? json(taken)
			: lines.map(line => paragraph(line, stdout)).join(''),
	);
	return 0;
}
