import {type Readable, type Writable} from 'node:stream';

/**
The world a command works in.
*/
export type Place = {
	readonly stdin: Readable & {readonly isTTY?: boolean};
	readonly stdout: Writable & {
		readonly isTTY?: boolean;
		readonly columns?: number;
		readonly rows?: number;
	};
	readonly stderr: Writable & {
		readonly isTTY?: boolean;
		readonly columns?: number;
		readonly rows?: number;
	};
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly version: string;

	/**
	`--debug` was given: tell more of what happens.
	*/
	readonly isDebug: boolean;
};

/**
A flag of a command, by its camel-cased name. Numbers are read as text, so that the command can say what is wrong with one.
*/
export type Flag = {
	readonly type: 'string' | 'boolean';
	readonly isMultiple?: boolean;
	readonly short?: string;

	/**
	The name of its value in the help text.
	*/
	readonly value?: string;

	/**
	All that its value may be, where that is a closed list; for shells to complete.
	*/
	readonly choices?: readonly string[];
	readonly meaning: string;
};

export type Flags = Readonly<Record<string, Flag>>;

type ValueOf<Each extends Flag> = Each extends {readonly isMultiple: true}
	? readonly string[]
	: Each extends {readonly type: 'boolean'}
		? boolean
		: string | undefined;

/**
What was given: a list for a repeatable flag, false for a switch that is off, undefined for a value that was left out.
*/
export type FlagValues<Known extends Flags> = {
	readonly [Name in keyof Known]: ValueOf<Known[Name]>;
};

/**
A verb of a command, with those of its flags that mean something to it.
*/
export type Verb<Name = string> = {
	readonly usage: string;

	/**
	What its usage and flags leave open.
	*/
	readonly summary?: string;
	readonly flags: readonly Name[];
	readonly examples: readonly string[];
};

export type Command<Known extends Flags = Flags> = {
	/**
	One line each: `run [PROMPT]`. Words in small letters are typed as they are; NAME, PROVIDER and FILE can be completed by shells.
	*/
	readonly usage: readonly string[];
	readonly summary: string;
	readonly flags: Known;

	/**
	Of a command with verbs, what each has a page of help for.
	*/
	readonly verbs?: Readonly<Record<string, Verb<keyof Known>>>;

	/**
	What to say to those who type a flag of llm that there is not, by how it is typed.
	*/
	readonly foreignFlags?: Readonly<Record<string, string>>;

	/**
	Things to type, without the program's name.
	*/
	readonly examples: readonly string[];

	/**
	Do it and say how it went: the exit code.

	@throws UserError for whatever the person can put right.
	*/
	readonly run: (call: {
		readonly input: readonly string[];
		readonly flags: FlagValues<Known>;
		readonly place: Place;
	}) => Promise<number>;
};

/**
For the type of the flags to be inferred. Outside, all commands have one type: the flags they are run with are those they declare.
*/
export function command<const Known extends Flags>(
	definition: Command<Known>,
): Command {
	return definition as unknown as Command;
}
