/**
JSON that says the same and holds nothing that a terminal acts on or a reader of YAML refuses or breaks a line at.
*/
export function escaped(json: string): string {
	return json.replaceAll(
		/[\u007F-\u009F\u2028-\u202E\u2066-\u2069\uFEFF\uFFFE\uFFFF]/g,
		character =>
			String.raw`\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`,
	);
}
