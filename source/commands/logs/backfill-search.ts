import {createImportProgress} from '../../output/progress-import.js';
import {type Doubt, type FoundRun} from '../../store/backfill/found.js';
import {type Log} from '../../store/log.js';
import {sizeOf} from '../table.js';
import {createTally, type Tally} from './backfill-tally.js';
import {type LogsCall} from './logs-call.js';

export type Search = {
	readonly names: ReadonlySet<string>;
	readonly signal: AbortSignal;
};

/**
Look for runs in a database, with a line of progress on a terminal. What is found goes to `hear`, one after the other.
*/
export async function search(
	database: Log,
	{names, signal}: Search,
	{
		call: {flags, place},
		hear,
	}: {
		readonly call: LogsCall;
		readonly hear: (found: FoundRun | Doubt) => void;
	},
): Promise<Tally> {
	const {findRuns} = await import('../../store/backfill/find-runs.js');
	const {stderr} = place;
	const line =
		stderr.isTTY && !flags.quiet
			? createImportProgress('looking for runs', {
					write(text) {
						stderr.write(text);
					},
					columns: () => sizeOf(stderr).columns,
					now: Date.now,
				})
			: null;
	const tally = createTally();
	const startedAt = performance.now();
	let rows = 0;

	try {
		for await (const found of findRuns(database, {
			names,
			signal,
			onProgress({phase, done, total}) {
				const share = done / Math.max(1, total) / 2;
				rows = phase === 'reading' ? done : rows;
				line?.show(done, phase === 'reading' ? share : 0.5 + share);
			},
		})) {
			tally.add(found);
			hear(found);
		}
	} finally {
		line?.close();
	}

	return tally.total(rows, performance.now() - startedAt);
}
