import path from 'node:path';
import {foldersOf, logPathOf} from '../config/folders.js';
import {abortKindOf} from '../core/abort.js';
import {drive} from '../core/drive.js';
import {type RunResult} from '../core/result.js';
import {runConsortium} from '../core/run-consortium.js';
import {UserError} from '../core/user-error.js';
import {createDebugLog} from '../output/debug-log.js';
import {resultJson} from '../output/result-file.js';
import {prepareFile, writeWhole} from '../output/whole-file.js';
import {readTemplates} from '../prompts.js';
import {castOf} from '../providers/cast.js';
import {createWorld} from '../world.js';
import {command, type Flags, type FlagValues, type Place} from './command.js';
import {flagName} from './common-flags.js';
import {chooseConsortium} from './choose.js';
import {consortiumFlags} from './consortium-flags.js';
import {showDryRun} from './dry-run.js';
import {createFace} from './face.js';
import {watchInterruption} from './interruption.js';
import {keyRing} from './key-ring.js';
import {assertNotLater, laterFlags} from './later-flags.js';
import {loadConfig} from './load-config.js';
import {openRunLog} from './open-run-log.js';
import {promptFrom} from './prompt.js';
import {paragraph} from './table.js';
import {priceWarnings, tellWarnings} from './warnings.js';
import {keyRemover} from './without-keys.js';

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

const knownFlags = {
	...consortiumFlags,
	...outputFlags,
	...laterFlags,
} as const satisfies Flags;

export type RunFlags = FlagValues<typeof knownFlags>;

export const run = command({
	usage: ['run [PROMPT]'],
	summary:
		'Put a question to a consortium and print its answer. What is piped in is appended to the prompt.',
	flags: knownFlags,
	examples: [
		'run -C demo "Is a tomato a fruit or a vegetable?"',
		'run -m gpt-6-luna:3 --arbiter gpt-6.1-sol "How many primes are below 100?"',
		'run -m ollama/llama3.2:3 --max-iterations 2 --json "Why is the sky blue?" | jq .confidence',
		'git diff | consortium-tui run -m gpt-6-luna:3 "Review this change."',
		'run -m claude-opus-5-5:3 --dry-run "What would this cost?"',
	],
	async run({input, flags, place}) {
		assertPossible(flags);
		const world = createWorld();
		const folders = foldersOf(place.environment);
		const config = await loadConfig(place);
		const ring = await keyRing(place, config);
		const prompt = await promptFrom(input, !flags.noStdin, place);
		const {consortium, models, isOwn, warnings} = await chooseConsortium(
			flags,
			{config, ring, place, world},
		);
		const cast = await castOf(consortium, models);
		const templates = readTemplates(path.join(folders.config, 'prompts'));
		const aboutPrices = async () => {
			await models.loadPrices();
			return isOwn ? priceWarnings(cast) : [];
		};

		if (flags.dryRun) {
			return showDryRun(consortium, prompt, {
				models: cast,
				templates,
				world,
				flags,
				warnings: [...warnings, ...(await aboutPrices())],
				place,
			});
		}

		tellWarnings(flags.quiet ? [] : warnings, place);

		if (flags.output !== undefined) {
			await prepareFile(flags.output);
		}

		const redact = keyRemover(place.environment, ring);
		const log = flags.noLog
			? null
			: await openRunLog(folders.data, {
					path: logPathOf(folders),
					templates,
					redact,
					onTrouble(text) {
						place.stderr.write(paragraph(text, place.stderr));
					},
				});
		const face = createFace({...flags, isLogged: log !== null}, place);
		const interruption = watchInterruption(place.stdout);

		try {
			const result = await drive(
				runConsortium(consortium, prompt, {
					models: cast,
					templates,
					world,
					signal: interruption.signal,
				}),
				[
					...(log ? [log.listen] : []),
					...(place.isDebug
						? [createDebugLog(path.join(folders.data, 'debug.log'), redact)]
						: []),
					...face.listeners,
				],
			);
			face.finish(result, result.costIsComplete ? [] : await aboutPrices());

			const isWritten =
				flags.output === undefined ||
				(await isWrittenTo(flags.output, result, place.stderr));

			if (!(await isRead(place.stdout, interruption.signal))) {
				return pipeExitCode;
			}

			return isWritten || result.exitCode !== 0
				? result.exitCode
				: failedExitCode;
		} finally {
			log?.close();
			interruption.close();
		}
	},
});

const pipeExitCode = 141;
const failedExitCode = 1;

/**
Write the result to its file. That it cannot be written any more is said, and does not undo a run that was made.
*/
async function isWrittenTo(
	file: string,
	result: RunResult,
	stderr: Place['stderr'],
): Promise<boolean> {
	try {
		await writeWhole(file, resultJson(result));
		return true;
	} catch (error) {
		if (!(error instanceof UserError)) {
			throw error;
		}

		stderr.write(paragraph(error.message, stderr));
		return false;
	}
}

/**
Whether everything written found a reader. An error of a pipe comes only after the write that met it.
*/
async function isRead(
	stream: Place['stdout'],
	signal: AbortSignal,
): Promise<boolean> {
	await new Promise<void>(resolve => {
		stream.write('', () => {
			setImmediate(resolve);
		});
	});

	return !(signal.aborted && abortKindOf(signal) === 'pipe');
}

/**
@throws UserError for flags of a later version and for outputs that exclude one another.
*/
function assertPossible(flags: RunFlags): void {
	assertNotLater(flags);
	const forms = (['json', 'events', 'raw', 'answers'] as const).filter(
		name => flags[name],
	);
	const ofARun = (['events', 'raw', 'answers', 'output'] as const).find(
		name => flags[name] !== undefined && flags[name] !== false,
	);

	if (flags.dryRun && ofARun !== undefined) {
		throw new UserError(
			`The flags --dry-run and ${flagName(ofARun)} exclude one another.`,
			'Nothing is run; --json prints the forecast as JSON.',
		);
	}

	if (forms.length > 1) {
		throw new UserError(
			`The flags ${forms.map(name => flagName(name)).join(' and ')} exclude one another.`,
			'Choose one form of output; -o FILE writes the full result beside any of them.',
		);
	}
}
