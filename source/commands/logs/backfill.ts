import {abortKindOf} from '../../core/abort.js';
import {UserError} from '../../core/user-error.js';
import {type Doubt, type FoundRun} from '../../store/backfill/found.js';
import {type Log} from '../../store/log.js';
import {watchInterruption} from '../interruption.js';
import {logPath} from '../load-config.js';
import {json, paragraph} from '../table.js';
import {noWords} from '../words.js';
import {knownNames} from './backfill-names.js';
import {search, type Search} from './backfill-search.js';
import {
	doubtLines,
	leftLines,
	many,
	tallyLines,
	type Tally,
} from './backfill-tally.js';
import {
	failedExitCode,
	importFile,
	stoppedExitCodes,
	tellTrouble,
} from './import.js';
import {type LogsCall} from './logs-call.js';
import {fileLines, importJson, type FileImport} from './shown-import.js';

/**
Find the runs of consortiums in what was imported, or, as flags ask, in the files themselves.

@throws UserError for flags that exclude each other, and when a file or our log cannot be opened.
*/
export async function backfill(call: LogsCall): Promise<number> {
	const {input, flags, usage} = call;
	const ways = (['write', 'plan', 'undo'] as const).filter(
		name => flags[name] !== undefined && flags[name] !== false,
	);

	if (ways.length > 1) {
		throw new UserError(
			`--${ways[0]} and --${ways[1]} exclude each other.`,
			`Usage: consortium-tui ${usage}`,
		);
	}

	if (flags.undo !== undefined) {
		noWords(input, usage);
		const {undoWritten} = await import('./backfill-undo.js');
		return undoWritten(call, flags.undo);
	}

	const names = await knownNames(call);
	const interruption = watchInterruption(call.place.stdout);
	const options = {names, signal: interruption.signal};

	try {
		if (flags.write) {
			const {writeFiles} = await import('./backfill-write.js');
			return await writeFiles(call, options);
		}

		if (flags.plan) {
			const {compare} = await import('./backfill-plan.js');
			return await compare(call, options);
		}

		return await keepFound(call, options);
	} catch (error) {
		if (options.signal.aborted && error === options.signal.reason) {
			call.place.stderr.write('Stopped. The same command begins anew.\n');
			return stoppedExitCodes[abortKindOf(options.signal)] ?? 130;
		}

		throw error;
	} finally {
		interruption.close();
	}
}

/**
How many runs are kept in one transaction: other processes that write to the log wait for some tenths of a second.
*/
const runsAtOnce = 500;

async function keepFound(call: LogsCall, options: Search): Promise<number> {
	const {input, place} = call;
	const {openLog} = await import('../../store/database.js');
	const log = openLog(logPath(place.environment));

	try {
		const {createConfigsImport} = await import('./import-configs.js');
		const importConfigs = createConfigsImport(call);
		const {signal} = options;
		const imports: FileImport[] = [];

		for (const file of input) {
			const done = await importFile(log, file, call, {signal, importConfigs});
			imports.push(done);
			tellTrouble(done, place);
			signal.throwIfAborted();
		}

		tell(call, await findInLog(log, call, options), imports);
		return imports.some(({error}) => error !== null) ? failedExitCode : 0;
	} finally {
		log.close();
	}
}

type Kept = Tally & {
	/**
	Doubts that nobody has decided, and answers whose places were said by a record or a person, which evidence leaves alone.
	*/
	readonly open: number;
	readonly recorded: number;
	readonly decided: number;

	/**
	Imported answers of which nobody knows a run.
	*/
	readonly runless: number;
};

async function findInLog(
	log: Log,
	call: LogsCall,
	options: Search,
): Promise<Kept> {
	const {countPlaces, forgetUnfound, keepFoundRuns} =
		await import('../../store/backfill/keep.js');
	const {countOpenDoubts, forgetDoubtsBefore, keepDoubts} =
		await import('../../store/backfill/doubts.js');
	const at = Date.now();
	const kept = new Set<string>();
	const runs: FoundRun[] = [];
	const doubts: Doubt[] = [];
	const flush = () => {
		for (const id of keepFoundRuns(log, runs.splice(0), 'evidence')) {
			kept.add(id);
		}
	};

	const tally = await search(log, options, {
		call,
		hear(found) {
			if (!('responses' in found)) {
				doubts.push(found);
				return;
			}

			runs.push(found);

			if (runs.length === runsAtOnce) {
				flush();
			}
		},
	});
	flush();
	forgetUnfound(log, kept);
	keepDoubts(log, doubts, at);
	forgetDoubtsBefore(log, at);
	return {...tally, open: countOpenDoubts(log), ...countPlaces(log)};
}

function tell(
	{flags, place: {stdout}}: LogsCall,
	kept: Kept,
	imports: readonly FileImport[],
): void {
	if (flags.json) {
		stdout.write(json({imported: importJson(imports, false), found: kept}));
		return;
	}

	const {runs, open, recorded, decided, runless} = kept;
	const lines = [
		...fileLines(imports),
		...tallyLines(kept, flags.verbose),
		...(runs === 0 ? [] : ['To see them: consortium-tui runs list']),
		...doubtLines(
			open,
			'(to decide: type /review in the app, also with --screen-reader).',
		),
		...leftLines([
			recorded === 0
				? null
				: `${many(recorded, 'answer')} placed as ${recorded === 1 ? 'its' : 'their'} program recorded it`,
			decided === 0 ? null : `${many(decided, 'answer')} that you decided on`,
			runless === 0 ? null : `${many(runless, 'answer')} of no run`,
		]),
	];
	stdout.write(lines.map(line => paragraph(line, stdout)).join(''));
}
