const otherFile =
	'import the file with consortium-tui logs import FILE; its answers are then listed with the others.';
const parts =
	'parts of a prompt are not told apart; -q finds words in it, and --full prints it whole.';
const tools =
	'what used a tool is not listed apart; -q finds words in question and answer.';
const schemas =
	'what followed a schema is not listed apart; --json prints every answer, for jq to choose from.';

/**
Flags of `llm logs list` that do not exist here, with what to do instead.
*/
export const foreignFlags: Readonly<Record<string, string>> = {
	'-d': otherFile,
	'--database': otherFile,
	'-p': 'consortium-tui logs path prints where the log is.',
	'--path': 'consortium-tui logs path prints where the log is.',
	'-f': parts,
	'--fragment': parts,
	'-T': tools,
	'--tool': tools,
	'--tools': tools,
	'--schema': schemas,
	'--data': schemas,
	'--data-array': schemas,
	'--data-key': schemas,
	'--data-ids': schemas,
	'-e': '--full prints prompts whole, with all that was put into them.',
	'--expand': '--full prints prompts whole, with all that was put into them.',
	'--extract-last': 'it is called --xl.',
	'--conversation': 'it is called --cid.',
};
