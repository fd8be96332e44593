namespace Sluice.DuckDb;

/// <summary>The kind of a DuckDB error (duckdb_error_type of the C API).</summary>
public enum DuckDBErrorType
{
    /// <summary>Not known.</summary>
    Invalid = 0,

    /// <summary>A number left its range.</summary>
    OutOfRange = 1,

    /// <summary>A value can't be converted.</summary>
    Conversion = 2,

    /// <summary>A type is not known.</summary>
    UnknownType = 3,

    /// <summary>A decimal is malformed.</summary>
    Decimal = 4,

    /// <summary>Types do not match.</summary>
    MismatchType = 5,

    /// <summary>A division by zero.</summary>
    DivideByZero = 6,

    /// <summary>An object is too large.</summary>
    ObjectSize = 7,

    /// <summary>A type can't be used here.</summary>
    InvalidType = 8,

    /// <summary>Serialization failed.</summary>
    Serialization = 9,

    /// <summary>A transaction failed or conflicts with another.</summary>
    Transaction = 10,

    /// <summary>DuckDB does not have the feature.</summary>
    NotImplemented = 11,

    /// <summary>An expression failed.</summary>
    Expression = 12,

    /// <summary>A table, view, function or other name does not exist, or exists already.</summary>
    Catalog = 13,

    /// <summary>The SQL can't be parsed.</summary>
    Parser = 14,

    /// <summary>Planning failed.</summary>
    Planner = 15,

    /// <summary>Scheduling failed.</summary>
    Scheduler = 16,

    /// <summary>Execution failed.</summary>
    Executor = 17,

    /// <summary>A constraint is violated.</summary>
    Constraint = 18,

    /// <summary>An index failed.</summary>
    Index = 19,

    /// <summary>Statistics failed.</summary>
    Stat = 20,

    /// <summary>A connection failed.</summary>
    Connection = 21,

    /// <summary>The SQL has a syntax error.</summary>
    Syntax = 22,

    /// <summary>A setting is wrong.</summary>
    Settings = 23,

    /// <summary>A name or type in the SQL can't be resolved.</summary>
    Binder = 24,

    /// <summary>The network failed.</summary>
    Network = 25,

    /// <summary>The optimizer failed.</summary>
    Optimizer = 26,

    /// <summary>A null pointer inside DuckDB.</summary>
    NullPointer = 27,

    /// <summary>Reading, writing or locking a file failed.</summary>
    IO = 28,

    /// <summary>The statement was interrupted.</summary>
    Interrupt = 29,

    /// <summary>The database can't be used further and has to be opened again.</summary>
    Fatal = 30,

    /// <summary>A bug in DuckDB.</summary>
    Internal = 31,

    /// <summary>A value or argument is not acceptable.</summary>
    InvalidInput = 32,

    /// <summary>The memory limit is reached.</summary>
    OutOfMemory = 33,

    /// <summary>Not permitted by the configuration.</summary>
    Permission = 34,

    /// <summary>The type of a parameter is not known.</summary>
    ParameterNotResolved = 35,

    /// <summary>A parameter stands where none may.</summary>
    ParameterNotAllowed = 36,

    /// <summary>Something else depends on the object.</summary>
    Dependency = 37,

    /// <summary>An HTTP request failed.</summary>
    Http = 38,

    /// <summary>An extension is needed that is not loaded.</summary>
    MissingExtension = 39,

    /// <summary>An extension can't be loaded by itself.</summary>
    Autoload = 40,

    /// <summary>A sequence failed.</summary>
    Sequence = 41,

    /// <summary>The configuration is not valid.</summary>
    InvalidConfiguration = 42,

    /// <summary>Stored data is damaged.</summary>
    DataCorruption = 43,
}
