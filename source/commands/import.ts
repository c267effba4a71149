import {createReadStream} from 'node:fs';
import {Readable} from 'node:stream';
import {isDeepStrictEqual} from 'node:util';
import {type Config} from '../config/config.js';
import {UserError} from '../core/user-error.js';
import {readAll} from '../output/standard-input.js';
import {command, type FlagValues, type Place} from './command.js';
import {confirm} from './confirm.js';
import {readConsortiumFile, type ConsortiumFile} from './consortium-file.js';
import {describe} from './describe.js';
import {warnOfKey} from './endpoint-rules.js';
import {planImport, withImport, type ImportPlan} from './import-plan.js';
import {loadConfig, storeConfig} from './load-config.js';
import {savingWarnings, tellWarnings} from './warnings.js';
import {oneWord} from './words.js';

const usage = 'import FILE';
const mostBytes = 1_000_000;

const knownFlags = {
	force: {
		type: 'boolean',
		meaning: 'Overwrite consortiums of the same names without asking.',
	},
	suffix: {
		type: 'boolean',
		meaning: 'Save those whose names are taken as NAME-2, NAME-3 and so on.',
	},
	addEndpoints: {
		type: 'boolean',
		meaning:
			'Add the endpoints they need without asking. Questions and keys go there: look at the file first.',
	},
} as const;

export const importCommand = command({
	usage: [usage],
	summary:
		'Save the consortiums in a file that `export`, `show --json` or `list --json` printed; - is standard input. All of them are saved, or none.',
	flags: knownFlags,
	examples: [
		'import team.json',
		'import team.json --suffix',
		'curl https://example.org/team.json | consortium-tui import -',
	],
	async run({input, flags, place}) {
		if (flags.force && flags.suffix) {
			throw new UserError(
				'The flags --force and --suffix exclude one another.',
				'Overwrite what has the same names, or keep both.',
			);
		}

		const source =
			input.length === 0 && !place.stdin.isTTY
				? '-'
				: oneWord(input, 'The file', usage);
		const label = source === '-' ? 'standard input' : source;
		const file = readFrom(label, await textFrom(source, place));
		const config = await loadConfig(place);
		const plan = planImport(file, config, flags.suffix);

		if (!(await isAllowed(plan, flags, place))) {
			place.stderr.write('Nothing was changed.\n');
			return 0;
		}

		await storeConfig(place, current => {
			if (!isDeepStrictEqual(planImport(file, current, flags.suffix), plan)) {
				throw new UserError(
					'The configuration was changed at the same moment, so nothing was imported.',
					'Import it again.',
				);
			}

			return withImport(current, plan);
		});
		await tell(plan, withImport(config, plan), place);
		return 0;
	},
});

/**
@throws UserError for a file that cannot be read, or is too large for what it should be.
*/
async function textFrom(
	source: string,
	{stdin, stderr}: Place,
): Promise<string> {
	const stream = source === '-' ? stdin : createReadStream(source);

	try {
		return await readAll(Readable.from(limited(stream)), () => {
			stderr.write('Waiting for the consortiums on standard input.\n');
		});
	} catch (error) {
		if (error instanceof UserError || !(error instanceof Error)) {
			throw error;
		}

		throw new UserError(
			`${source} cannot be read: ${error.message}.`,
			'Name a file that `consortium-tui export` wrote, or - for standard input.',
			{cause: error},
		);
	}
}

async function* limited(stream: Readable): AsyncGenerator<Uint8Array> {
	let bytes = 0;

	for await (const chunk of stream) {
		bytes += (chunk as Uint8Array).length;

		if (bytes > mostBytes) {
			throw new UserError(
				`There is more than ${mostBytes / 1_000_000} MB to import, which no consortiums are.`,
			);
		}

		yield chunk as Uint8Array;
	}
}

function readFrom(label: string, text: string): ConsortiumFile {
	try {
		return readConsortiumFile(text);
	} catch (error) {
		if (!(error instanceof UserError)) {
			throw error;
		}

		throw new UserError(
			`${label}: ${error.message}`,
			error.hint ||
				'What `export`, `show --json` and `list --json` print can be imported.',
			{cause: error},
		);
	}
}

/**
Ask about what would be sent elsewhere or lost.

@throws UserError without a terminal, naming the flags that answer.
*/
async function isAllowed(
	{endpoints, overwritten}: ImportPlan,
	flags: FlagValues<typeof knownFlags>,
	place: Place,
): Promise<boolean> {
	const added = Object.entries(endpoints).map(
		([name, {baseUrl, keyEnv}]) =>
			`${name} at ${baseUrl} (${keyEnv === null ? 'no key' : `key in ${keyEnv}`})`,
	);

	if (added.length > 0 && !flags.addEndpoints) {
		const isTrusted = await confirm(
			place,
			`Endpoints that are not known here: ${added.join(', ')}. Prompts go there, and keys in these variables or stored under these names. Add them?`,
			'Add --add-endpoints if you trust them.',
		);

		if (!isTrusted) {
			return false;
		}
	}

	return (
		overwritten.length === 0 ||
		flags.force ||
		confirm(
			place,
			`Saved already, and different: ${overwritten.join(', ')}. Overwrite?`,
			'Add --force to overwrite, or --suffix to keep both.',
		)
	);
}

async function tell(
	{consortiums, endpoints, same}: ImportPlan,
	config: Config,
	place: Place,
): Promise<void> {
	for (const [name, endpoint] of Object.entries(endpoints)) {
		place.stdout.write(`Added the endpoint ${name}: ${endpoint.baseUrl}\n`);
		await warnOfKey(name, endpoint, place);
	}

	for (const consortium of Object.values(consortiums)) {
		place.stdout.write(`Saved ${consortium.name}\n${describe(consortium)}`);
		const warnings = await savingWarnings(consortium, config, place);
		tellWarnings(
			warnings.map(warning => `${consortium.name}: ${warning}`),
			place,
		);
	}

	if (same.length > 0) {
		place.stdout.write(`Saved already, and the same: ${same.join(', ')}\n`);
	}
}
