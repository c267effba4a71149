import process from 'node:process';
import {type Command, type Place} from './commands/command.js';
import {commands} from './commands/names.js';
import {
	isReaderGone,
	settled,
	standardOutput,
} from './commands/standard-output.js';
import {closest} from './core/closest.js';
import {UserError} from './core/user-error.js';

const usageExitCode = 2;
const bugExitCode = 1;
const lostOutputExitCode = 1;

/**
Read the first word of the command line, run that command, and say with which code the process should end. Nothing it throws gets past it, and neither does output that could not be written.
*/
export async function main(
	words: readonly string[],
	version: string,
): Promise<number> {
	const place: Place = {
		stdin: process.stdin,
		stdout: standardOutput(process.stdout),
		stderr: process.stderr,
		environment: process.env,
		version,
		isDebug: words.includes('--debug'),
	};

	// Without a lasting listener a second write to a closed pipe ends the process; the commands that care listen for themselves.
	const lost: Error[] = [];
	place.stdout.on('error', error => {
		if (!isReaderGone(error, place.stdout)) {
			lost.push(error);
		}
	});
	place.stderr.on('error', () => {});

	const code = await exitCodeOf(words, place);
	await settled(place.stdout);

	if (lost[0]) {
		place.stderr.write(
			`The output could not be written: ${lost[0].message}.\n`,
		);
		return lostOutputExitCode;
	}

	return code;
}

async function exitCodeOf(
	words: readonly string[],
	place: Place,
): Promise<number> {
	try {
		return await dispatch(asFlag(words), place);
	} catch (error) {
		if (error instanceof UserError) {
			const {paragraph} = await import('./commands/table.js');
			const lines = [
				error.message,
				error.hint,
				place.isDebug ? (error.stack ?? '') : '',
			];
			place.stderr.write(
				lines
					.filter(line => line !== '')
					.map(line => paragraph(line, place.stderr))
					.join(''),
			);
			return usageExitCode;
		}

		place.stderr.write(await bugReport(error, place));
		return bugExitCode;
	}
}

async function dispatch(
	words: readonly string[],
	place: Place,
): Promise<number> {
	const [first] = words;

	if (first !== undefined && ['--help', '-h', 'help'].includes(first)) {
		const {helpText} = await import('./commands/help.js');
		place.stdout.write(helpText());
		return 0;
	}

	const isApp =
		words.every(word => word === '--screen-reader') &&
		place.stdin.isTTY &&
		place.stdout.isTTY;
	const isCommand = first !== undefined && Object.hasOwn(commands, first);

	if (!isCommand && /^[a-z]{3,}$/.test(first ?? '')) {
		assertNoSlip(words);
	}

	const rest = isCommand ? words.slice(1) : words;
	const command = await commands[isCommand ? first : isApp ? 'chat' : 'run']!();
	const flags = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;

	if (flags.includes('--help') || flags.includes('-h')) {
		await printHelp(command, flags, place);
		return 0;
	}

	if (flags.includes('--version') || flags.includes('-V')) {
		place.stdout.write(`${place.version}\n`);
		return 0;
	}

	// The app is opened without words, and should be there at once: the parser is not loaded for nothing.
	if (rest.length === 0) {
		const {noFlags} = await import('./commands/no-flags.js');
		return command.run({input: [], flags: noFlags(command.flags), place});
	}

	const {parseArguments} = await import('./commands/parse.js');
	return command.run({
		...parseArguments(rest, command.flags, command.foreignFlags),
		place,
	});
}

/**
Print the page of a command, or that of its verb where one is named.
*/
async function printHelp(
	command: Command,
	flags: readonly string[],
	place: Place,
): Promise<void> {
	const {commandHelp, verbHelp} = await import('./commands/help.js');
	const {widthOf} = await import('./commands/table.js');
	const verb = flags.find(word => !word.startsWith('-')) ?? '';
	place.stdout.write(
		Object.hasOwn(command.verbs ?? {}, verb)
			? verbHelp(command, verb, widthOf(place))
			: commandHelp(command, widthOf(place)),
	);
}

/**
`help NAME` as `NAME --help`, and `help NAME VERB` as `NAME VERB --help`.

@throws UserError for a name that no command has.
*/
function asFlag(words: readonly string[]): readonly string[] {
	const [first, name, ...rest] = words;

	if (first !== 'help' || name === undefined || rest.length > 1) {
		return words;
	}

	if (!Object.hasOwn(commands, name)) {
		throw new UserError(
			`There is no command "${name}".`,
			`All of them: consortium-tui --help.${closest(name, Object.keys(commands))}`,
		);
	}

	return [name, ...rest, '--help'];
}

/**
A mistyped command would be sent as a prompt, and paid for.

@throws UserError when the first word is nearly that of a command.
*/
function assertNoSlip(words: readonly string[]): void {
	const nearly = closest(words[0]!, Object.keys(commands));

	if (nearly !== '') {
		throw new UserError(
			`There is no command "${words[0]!}".${nearly}`,
			`To send it as a prompt: consortium-tui run "${words.join(' ')}"`,
		);
	}
}

async function bugReport(
	error: unknown,
	{isDebug, environment}: Place,
): Promise<string> {
	const {logPath} = await import('./commands/load-config.js');
	const {message, stack} =
		error instanceof Error ? error : new Error(String(error));

	return [
		`consortium-tui failed unexpectedly: ${isDebug ? stack : message}`,
		isDebug
			? 'This is a bug.'
			: 'This is a bug. Run the same with --debug for the details.',
		`The log: ${logPath(environment)}`,
		'',
	].join('\n');
}
