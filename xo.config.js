import reactHooks from 'eslint-plugin-react-hooks';

/*
The rules that are off, each for a reason.

They contradict what the program is or how it is written:

- `no-restricted-types`: absence is null here, in types, JSON and SQL.
- `naming-convention`: other people's names are keys here (SQL columns, HTTP headers, wire fields).
- `no-await-in-loop`: streams are read one part after the other, on purpose.
- `no-empty-function`: a listener nobody needs and the waiting for a promise that already has an owner are empty.
- `no-control-regex`, `no-control-character`: control characters are what is removed.
- `switch-exhaustiveness-check`: its cache hides a case that is missing; `unreachable()` makes it a type error.
- `require-description`, `require-yields`: a docstring may be one `@see` or `@throws`; what is yielded is in the type.
- `no-mixed-operators`, `number-literal-case`, `template-indent`: Prettier decides.

They are taste, where the code reads well either way:

- about patterns (what makes one wrong or slow stays on): `require-unicode-regexp`, `prefer-named-capture-group`, `sort-character-class-elements`, `unicode-property`, `unicode-escape`, `prefer-unicode-code-point-escapes`, `match-any`, `no-obscure-range` (terminal sequences are defined by such ranges);
- about shape: `max-nested-calls`, `no-array-reduce`, `no-await-expression-member`, `no-break-in-nested-loop`, `prefer-continue`, `prefer-early-return`, `prefer-simple-condition-first`, `prefer-string-repeat`, `consistent-boolean-name` (`committed`, `mayWrap`), `consistent-class-member-order` (what is public comes first).
*/
export default [
	{
		files: ['source/ui/**/*.{ts,tsx}'],
		plugins: {'react-hooks': reactHooks},
		rules: reactHooks.configs['recommended-latest'].rules,
	},
	{
		prettier: 'compat',
		rules: {
			'@typescript-eslint/no-restricted-types': 'off',
			'@typescript-eslint/naming-convention': 'off',
			'no-await-in-loop': 'off',
			'@typescript-eslint/no-empty-function': 'off',
			'no-control-regex': 'off',
			'regexp/no-control-character': 'off',
			'@typescript-eslint/switch-exhaustiveness-check': 'off',
			'jsdoc/require-description': 'off',
			'jsdoc/require-yields': 'off',
			'@stylistic/no-mixed-operators': 'off',
			'unicorn/number-literal-case': 'off',
			'unicorn/template-indent': 'off',

			'require-unicode-regexp': 'off',
			'regexp/prefer-named-capture-group': 'off',
			'regexp/sort-character-class-elements': 'off',
			'regexp/unicode-property': 'off',
			'regexp/unicode-escape': 'off',
			'unicorn/prefer-unicode-code-point-escapes': 'off',
			'regexp/match-any': 'off',
			'regexp/no-obscure-range': 'off',

			'unicorn/max-nested-calls': 'off',
			'unicorn/no-array-reduce': 'off',
			'unicorn/no-await-expression-member': 'off',
			'unicorn/no-break-in-nested-loop': 'off',
			'unicorn/prefer-continue': 'off',
			'unicorn/prefer-early-return': 'off',
			'unicorn/prefer-simple-condition-first': 'off',
			'unicorn/prefer-string-repeat': 'off',
			'unicorn/consistent-boolean-name': 'off',
			'unicorn/consistent-class-member-order': 'off',

			// A switch over all events is one decision, however many there are.
			complexity: ['error', {max: 20, variant: 'modified'}],

			// An empty text is the same as none; 0 is not the same as null.
			'@typescript-eslint/strict-boolean-expressions': [
				'error',
				{
					allowString: true,
					allowNullableString: true,
					allowNumber: false,
					allowNullableBoolean: true,
					allowNullableObject: true,
				},
			],
		},
	},
	{
		files: ['package.json'],
		rules: {
			// The manifest is in every package, listed or not.
			'package-json/prefer-files-field': 'off',

			// Publishing takes the `./` of a program away again.
			'package-json/consistent-path-prefix': 'off',

			// The Node that runs the tests is pinned, so that they say the same everywhere.
			'package-json/dependency-version-range': 'off',
		},
	},
	{
		files: ['build/*.js'],
		rules: {
			// JavaScript has no types to be strict about.
			'@typescript-eslint/strict-boolean-expressions': 'off',
		},
	},
	{
		files: ['source/core/share.ts'],
		rules: {
			// They become limits in the JSON Schemas.
			'jsdoc/check-tag-names': ['error', {definedTags: ['minimum', 'maximum']}],
		},
	},
	{
		files: [
			'source/core/random.ts',
			'source/store/backfill/{row-index,text-hash}.ts',
		],
		rules: {
			// The published generators and the hash are made of bit operators, and the flags of a row are bits.
			'no-bitwise': 'off',
		},
	},
	{
		files: ['test/**/*.{ts,tsx}', 'bench/**/*.{ts,tsx}'],
		rules: {
			// The runner waits for a test that is not awaited.
			'@typescript-eslint/no-floating-promises': [
				'error',
				{
					allowForKnownSafeCalls: [
						{
							from: 'package',
							package: 'node:test',
							name: ['test', 'it', 'suite', 'describe'],
						},
					],
				},
			],

			// `node:assert/strict` is what everyone knows.
			'node-test/prefer-test-context-assert': 'off',

			// Helpers live beside the tests, are imported, and hold assertions that many tests share.
			'node-test/no-export': 'off',
			'node-test/no-import-test-files': 'off',
			'node-test/require-assertion': 'off',

			// A table of cases decides what is asserted; a type guard comes before what it guards.
			'node-test/no-conditional-assertion': 'off',

			// The modes of files are bits.
			'no-bitwise': 'off',
		},
	},
];
