/**
 * The grammar of policy files, without actions. It accepts a little more than the language, so that `src/syntax` can say
 * what to write instead. It reads one token ahead; what needs more is settled among the tokens by `src/syntax/layout.ts`.
 */
import { type CstNode, CstParser, createTokenInstance, type IToken, type TokenType } from "chevrotain";
import { messages } from "./messages.ts";
import * as t from "./tokens.ts";

export class PolicyParser extends CstParser {
  constructor(skipValidations = true) {
    super(t.tokenTypes, {
      recoveryEnabled: true,
      maxLookahead: 1,
      nodeLocationTracking: "onlyOffset",
      errorMessageProvider: messages,
      // The tests build this parser with validation on.
      skipValidations,
    });
    this.performSelfAnalysis();
  }

  declare private readonly CST_STACK: CstNode[];

  /** Where a rule begins. Chevrotain gives each node a dictionary for its children; a plain object takes half of the time of a parse. */
  protected cstInvocationStateUpdate(name: string): void {
    this.CST_STACK.push({ name, children: {}, location: { startOffset: -1, endOffset: -1 } } as CstNode);
  }

  /** A token that recovery invents stands, without text, right behind the last real one. */
  protected override getTokenToInsert(type: TokenType): IToken {
    const at = (this.LA(0)?.endOffset ?? -1) + 1;
    const token = createTokenInstance(type, "", at, at - 1, 0, 0, 0, 0);
    token.isInsertedInRecovery = true;
    return token;
  }

  program = this.RULE("program", () => {
    this.MANY(() =>
      this.OR([
        { ALT: () => this.CONSUME(t.StatementEnd) },
        {
          ALT: () => {
            this.SUBRULE(this.statement);
            this.CONSUME2(t.StatementEnd);
          },
        },
      ]),
    );
  });

  statement = this.RULE("statement", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.importDeclaration) },
      { ALT: () => this.SUBRULE(this.exportDeclaration) },
      { ALT: () => this.SUBRULE(this.declaration) },
      { ALT: () => this.SUBRULE(this.refusedStatement), IGNORE_AMBIGUITIES: true },
      { ALT: () => this.SUBRULE(this.expressionStatement) },
      { ALT: () => this.SUBRULE(this.misplaced), IGNORE_AMBIGUITIES: true },
    ]);
    this.MANY(() => this.SUBRULE(this.anything, { LABEL: "rest" }));
  });

  importDeclaration = this.RULE("importDeclaration", () => {
    this.CONSUME(t.Import);
    this.OR([
      { ALT: () => this.CONSUME(t.StringText, { LABEL: "module" }) },
      {
        ALT: () => {
          this.SUBRULE(this.importClause);
          this.CONSUME(t.From);
          this.CONSUME2(t.StringText, { LABEL: "module" });
        },
      },
    ]);
  });

  importClause = this.RULE("importClause", () => {
    this.OPTION(() => this.CONSUME(t.TypeOnly));
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.Identifier, { LABEL: "default" });
          this.OPTION2(() => {
            this.CONSUME(t.Comma);
            this.OR2([{ ALT: () => this.SUBRULE(this.importedNames) }, { ALT: () => this.SUBRULE(this.namespace) }]);
          });
        },
      },
      { ALT: () => this.SUBRULE2(this.importedNames) },
      { ALT: () => this.SUBRULE2(this.namespace) },
    ]);
  });

  namespace = this.RULE("namespace", () => {
    this.CONSUME(t.Star);
    this.CONSUME(t.As);
    this.CONSUME(t.Name);
  });

  importedNames = this.RULE("importedNames", () => {
    this.CONSUME(t.LeftBrace);
    this.MANY(() =>
      this.OR([
        { ALT: () => this.CONSUME(t.Comma) },
        { ALT: () => this.SUBRULE(this.importedName) },
        { ALT: () => this.SUBRULE(this.misplaced), IGNORE_AMBIGUITIES: true },
      ]),
    );
    this.CONSUME(t.RightBrace);
  });

  importedName = this.RULE("importedName", () => {
    this.OPTION(() => this.CONSUME(t.TypeOnly));
    this.CONSUME(t.Name, { LABEL: "name" });
    this.OPTION2(() => {
      this.CONSUME(t.As);
      this.CONSUME2(t.Name, { LABEL: "local" });
    });
  });

  exportDeclaration = this.RULE("exportDeclaration", () => {
    this.CONSUME(t.Export);
    this.OPTION(() => this.SUBRULE(this.declaration));
  });

  declaration = this.RULE("declaration", () => {
    this.OR([{ ALT: () => this.CONSUME(t.Const) }, { ALT: () => this.CONSUME(t.Let) }]);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.declarator) });
  });

  declarator = this.RULE("declarator", () => {
    this.OPTION(() =>
      this.OR([{ ALT: () => this.CONSUME(t.Name) }, { ALT: () => this.SUBRULE(this.group, { LABEL: "pattern" }) }]),
    );
    this.OPTION2(() => this.SUBRULE(this.annotation));
    this.OPTION3(() => {
      this.CONSUME(t.Equals);
      this.SUBRULE(this.expression, { LABEL: "value" });
    });
  });

  refusedStatement = this.RULE("refusedStatement", () => {
    this.OR([
      { ALT: () => this.CONSUME(t.StatementWord) },
      { ALT: () => this.CONSUME(t.DeclarationWord) },
      { ALT: () => this.CONSUME(t.At) },
      { ALT: () => this.SUBRULE(this.block) },
    ]);
  });

  expressionStatement = this.RULE("expressionStatement", () => {
    this.SUBRULE(this.expression);
    this.MANY(() => {
      this.CONSUME(t.Comma);
      this.SUBRULE2(this.expression);
    });
  });

  expression = this.RULE("expression", () => {
    this.OR([{ ALT: () => this.SUBRULE(this.arrow) }, { ALT: () => this.SUBRULE(this.conditional) }]);
  });

  arrow = this.RULE("arrow", () => {
    this.OPTION(() => this.CONSUME(t.Async));
    this.OR([
      {
        ALT: () => {
          this.SUBRULE(this.parameters);
          this.OPTION2(() => this.SUBRULE(this.returnType));
        },
      },
      { ALT: () => this.CONSUME(t.LoneParameter) },
    ]);
    this.CONSUME(t.Arrow);
    this.OR2([
      { ALT: () => this.SUBRULE(this.block) },
      { ALT: () => this.SUBRULE(this.expression, { LABEL: "body" }), IGNORE_AMBIGUITIES: true },
    ]);
  });

  parameters = this.RULE("parameters", () => {
    this.CONSUME(t.LeftOfParameters);
    this.MANY(() =>
      this.OR([
        { ALT: () => this.CONSUME(t.Comma) },
        { ALT: () => this.SUBRULE(this.parameter) },
        { ALT: () => this.SUBRULE(this.misplaced), IGNORE_AMBIGUITIES: true },
      ]),
    );
    this.CONSUME(t.RightParenthesis);
  });

  parameter = this.RULE("parameter", () => {
    this.OPTION(() => this.CONSUME(t.Spread));
    this.OR([{ ALT: () => this.CONSUME(t.Name) }, { ALT: () => this.SUBRULE(this.group, { LABEL: "pattern" }) }]);
    this.OPTION2(() => this.CONSUME(t.Question));
    this.OPTION3(() => this.SUBRULE(this.annotation));
    this.OPTION4(() => {
      this.CONSUME(t.Equals);
      this.SUBRULE(this.expression, { LABEL: "default" });
    });
  });

  annotation = this.RULE("annotation", () => {
    this.CONSUME(t.Colon);
    this.MANY(() =>
      this.OR([
        { ALT: () => this.CONSUME(t.TypePart) },
        { ALT: () => this.SUBRULE(this.group) },
        { ALT: () => this.CONSUME(t.Arrow) },
      ]),
    );
  });

  returnType = this.RULE("returnType", () => {
    this.CONSUME(t.Colon);
    this.SUBRULE(this.type);
  });

  type = this.RULE("type", () => {
    this.MANY(() => this.OR([{ ALT: () => this.CONSUME(t.TypePart) }, { ALT: () => this.SUBRULE(this.group) }]));
  });

  conditional = this.RULE("conditional", () => {
    this.SUBRULE(this.operation);
    this.OPTION(() =>
      this.OR([
        {
          ALT: () => {
            this.CONSUME(t.Question);
            this.SUBRULE(this.expression, { LABEL: "other" });
            this.CONSUME(t.Colon);
            this.SUBRULE2(this.expression, { LABEL: "other" });
          },
        },
        {
          ALT: () => {
            this.OR2([{ ALT: () => this.CONSUME(t.Equals) }, { ALT: () => this.CONSUME(t.Assignment) }]);
            this.SUBRULE3(this.expression, { LABEL: "other" });
          },
        },
      ]),
    );
  });

  operation = this.RULE("operation", () => {
    this.SUBRULE(this.operand);
    this.MANY(() => {
      this.CONSUME(t.Operator);
      this.SUBRULE2(this.operand);
    });
  });

  operand = this.RULE("operand", () => {
    this.MANY(() => this.SUBRULE(this.prefix));
    this.SUBRULE(this.primary);
    this.MANY2(() => this.SUBRULE(this.suffix));
    this.MANY3(() => this.SUBRULE(this.cast));
  });

  prefix = this.RULE("prefix", () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Not, { LABEL: "mark" }) },
      { ALT: () => this.CONSUME(t.Sign, { LABEL: "mark" }) },
      { ALT: () => this.CONSUME(t.Tilde, { LABEL: "mark" }) },
      { ALT: () => this.CONSUME(t.Step, { LABEL: "mark" }) },
      { ALT: () => this.CONSUME(t.PrefixWord, { LABEL: "mark" }) },
      { ALT: () => this.CONSUME(t.TypeBrackets, { LABEL: "mark" }) },
    ]);
  });

  suffix = this.RULE("suffix", () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.Dot);
          this.CONSUME(t.Name);
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.OptionalDot);
          this.OPTION(() => this.CONSUME2(t.Name));
        },
      },
      { ALT: () => this.SUBRULE(this.index) },
      { ALT: () => this.SUBRULE(this.call) },
      { ALT: () => this.CONSUME(t.Not) },
      { ALT: () => this.CONSUME(t.Step) },
      { ALT: () => this.CONSUME(t.Template) },
      { ALT: () => this.CONSUME(t.TypeBrackets) },
    ]);
  });

  index = this.RULE("index", () => {
    this.CONSUME(t.LeftBracket);
    this.SUBRULE(this.items);
    this.CONSUME(t.RightBracket);
  });

  call = this.RULE("call", () => {
    this.CONSUME(t.LeftParenthesis);
    this.SUBRULE(this.items);
    this.CONSUME(t.RightParenthesis);
  });

  cast = this.RULE("cast", () => {
    this.CONSUME(t.As);
    this.SUBRULE(this.type);
  });

  primary = this.RULE("primary", () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Identifier) },
      { ALT: () => this.CONSUME(t.StringText) },
      { ALT: () => this.CONSUME(t.Numeric) },
      { ALT: () => this.CONSUME(t.BooleanWord) },
      { ALT: () => this.SUBRULE(this.array) },
      { ALT: () => this.SUBRULE(this.object) },
      { ALT: () => this.SUBRULE(this.parenthesised) },
      { ALT: () => this.CONSUME(t.Template) },
      { ALT: () => this.CONSUME(t.RegularExpression) },
      { ALT: () => this.CONSUME(t.Nothing) },
      { ALT: () => this.CONSUME(t.DynamicImport) },
      { ALT: () => this.CONSUME(t.Unreadable) },
      { ALT: () => this.SUBRULE(this.functionExpression) },
      { ALT: () => this.SUBRULE(this.classExpression) },
    ]);
  });

  array = this.RULE("array", () => {
    this.CONSUME(t.LeftBracket);
    this.SUBRULE(this.items);
    this.CONSUME(t.RightBracket);
  });

  parenthesised = this.RULE("parenthesised", () => {
    this.CONSUME(t.LeftParenthesis);
    this.SUBRULE(this.items);
    this.CONSUME(t.RightParenthesis);
  });

  items = this.RULE("items", () => {
    this.MANY(() =>
      this.OR([
        { ALT: () => this.CONSUME(t.Comma) },
        { ALT: () => this.SUBRULE(this.item) },
        { ALT: () => this.SUBRULE(this.misplaced), IGNORE_AMBIGUITIES: true },
      ]),
    );
  });

  item = this.RULE("item", () => {
    this.OPTION(() => this.CONSUME(t.Spread));
    this.SUBRULE(this.expression);
  });

  object = this.RULE("object", () => {
    this.CONSUME(t.LeftBrace);
    this.MANY(() =>
      this.OR([
        { ALT: () => this.CONSUME(t.Comma) },
        { ALT: () => this.SUBRULE(this.property) },
        { ALT: () => this.SUBRULE(this.spread) },
        { ALT: () => this.SUBRULE(this.misplaced), IGNORE_AMBIGUITIES: true },
      ]),
    );
    this.CONSUME(t.RightBrace);
  });

  spread = this.RULE("spread", () => {
    this.CONSUME(t.Spread);
    this.SUBRULE(this.expression);
  });

  property = this.RULE("property", () => {
    this.OPTION(() => this.CONSUME(t.Modifier));
    this.SUBRULE(this.key);
    this.OPTION2(() =>
      this.OR([
        {
          ALT: () => {
            this.CONSUME(t.Colon);
            this.SUBRULE(this.expression, { LABEL: "value" });
          },
        },
        { ALT: () => this.SUBRULE(this.method) },
        {
          ALT: () => {
            this.CONSUME(t.Equals);
            this.SUBRULE2(this.expression, { LABEL: "default" });
          },
        },
      ]),
    );
  });

  key = this.RULE("key", () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Name) },
      { ALT: () => this.CONSUME(t.StringText) },
      { ALT: () => this.CONSUME(t.Numeric) },
      { ALT: () => this.CONSUME(t.Template) },
      { ALT: () => this.CONSUME(t.Unreadable) },
      { ALT: () => this.SUBRULE(this.array, { LABEL: "computed" }) },
    ]);
  });

  method = this.RULE("method", () => {
    this.CONSUME(t.LeftParenthesis);
    this.MANY(() => this.SUBRULE(this.anything));
    this.CONSUME(t.RightParenthesis);
    this.OPTION(() => this.SUBRULE(this.annotation));
    this.OPTION2(() => this.SUBRULE(this.block));
  });

  functionExpression = this.RULE("functionExpression", () => {
    this.CONSUME(t.FunctionWord);
    this.OPTION(() => this.CONSUME(t.Star));
    this.OPTION2(() => this.CONSUME(t.Name));
    this.OPTION3(() => this.CONSUME(t.TypeBrackets));
    this.OPTION4(() => this.SUBRULE(this.group));
    this.OPTION5(() => this.SUBRULE(this.annotation));
    this.OPTION6(() => this.SUBRULE(this.block));
  });

  classExpression = this.RULE("classExpression", () => {
    this.CONSUME(t.ClassWord);
    this.MANY(() =>
      this.OR([
        { ALT: () => this.CONSUME(t.Name) },
        { ALT: () => this.CONSUME(t.TypeBrackets) },
        { ALT: () => this.CONSUME(t.Dot) },
      ]),
    );
    this.OPTION(() => this.SUBRULE(this.block));
  });

  block = this.RULE("block", () => {
    this.CONSUME(t.LeftBrace);
    this.MANY(() => this.SUBRULE(this.anything));
    this.CONSUME(t.RightBrace);
  });

  group = this.RULE("group", () => {
    this.OR([
      {
        ALT: () => {
          this.OR2([{ ALT: () => this.CONSUME(t.LeftParenthesis) }, { ALT: () => this.CONSUME(t.LeftOfParameters) }]);
          this.MANY(() => this.SUBRULE(this.anything));
          this.CONSUME(t.RightParenthesis);
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.LeftBracket);
          this.MANY2(() => this.SUBRULE2(this.anything));
          this.CONSUME(t.RightBracket);
        },
      },
      { ALT: () => this.SUBRULE(this.block) },
    ]);
  });

  anything = this.RULE("anything", () => {
    this.OR([{ ALT: () => this.CONSUME(t.Anything) }, { ALT: () => this.SUBRULE(this.group) }]);
  });

  misplaced = this.RULE("misplaced", () => {
    this.OR([{ ALT: () => this.CONSUME(t.Misplaced) }, { ALT: () => this.SUBRULE(this.group) }]);
  });
}
