import {keepFoundRuns} from '../backfill/keep.js';
import {type Log} from '../log.js';
import {explained} from '../store-error.js';
import {
	createRecordReader,
	type ReadRecord,
	type RecordedRun,
} from './recorded-run.js';

/**
A record that is kept, since its output or other responses that it names are not in the log.
*/
type Waiting = {readonly recorded: RecordedRun; readonly missing: number};

type Kept = ReadRecord & {readonly recorded: RecordedRun};

/**
Keep runs that another program recorded, in one transaction.

@throws UserError when the log is locked, full or damaged.
*/
export function keepRecords(log: Log, records: readonly RecordedRun[]): void {
	const read = createRecordReader(log);
	keep(
		log,
		records.map(recorded => ({...read(recorded), recorded})),
	);
}

/**
Give the runs that were recorded before something of them was in the log what has come since, as importing them afterwards would have done, some at a time: how many, each time.

@throws UserError when the log is locked, full or damaged.
*/
export function* completeRecords(log: Log): Generator<number, void, void> {
	const read = createRecordReader(log);
	const waiting = log.prepare<
		[string],
		{id: string; outputId: string | null; record: string}
	>(
		`SELECT id, output_id AS outputId, record FROM consortium_found_runs
		WHERE record IS NOT NULL AND id > ? ORDER BY id LIMIT 200`,
	);
	let last = '';

	for (;;) {
		const rows = waiting.all(last);

		if (rows.length === 0) {
			return;
		}

		last = rows.at(-1)!.id;
		keep(
			log,
			rows.flatMap(({outputId, record}) => {
				const {recorded, missing} = JSON.parse(record) as Waiting;
				const now = read(recorded);
				return now.missing < missing ||
					(outputId === null && now.run.outputId !== null)
					? [{...now, recorded}]
					: [];
			}),
		);
		yield rows.length;
	}
}

function keep(log: Log, all: readonly Kept[]): void {
	const note = log.prepare<[string | null, string]>(
		'UPDATE consortium_found_runs SET record = ? WHERE id = ?',
	);
	explained(log.name, () => {
		log
			.transaction(() => {
				const ids = keepFoundRuns(
					log,
					all.map(({run}) => run),
					'record',
				);

				for (const [nth, {run, missing, recorded}] of all.entries()) {
					const isWhole =
						missing === 0 && (run.outputId !== null || run.recordedId === null);
					const waiting: Waiting = {recorded, missing};
					note.run(isWhole ? null : JSON.stringify(waiting), ids[nth]!);
				}
			})
			.immediate();
	});
}
